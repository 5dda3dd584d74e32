package dev.rr.plugin.rpc;

import dev.rr.api.rpc.RpcHandler;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the handler of a method. Immutable.
 *
 * @param handlers by full name, {@code service.Method}
 * @param services the names before the dot
 */
record Dispatcher(Map<String, RpcHandler> handlers, Set<String> services) {
  Dispatcher {
    handlers = Map.copyOf(handlers);
    services = Set.copyOf(services);
  }

  /** A dispatcher over the handlers of full names. */
  static Dispatcher of(Map<String, RpcHandler> handlers) {
    return new Dispatcher(
        handlers,
        handlers.keySet().stream()
            .map(name -> name.substring(0, name.lastIndexOf('.')))
            .collect(Collectors.toSet()));
  }

  /**
   * The handler of a method; names are case-sensitive.
   *
   * @throws IllegalArgumentException with the text for the caller
   */
  RpcHandler find(String method) {
    RpcHandler handler = handlers.get(method);
    if (handler != null) {
      return handler;
    }
    int dot = method.lastIndexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException("rpc: service/method request ill-formed: " + method);
    }
    String what = services.contains(method.substring(0, dot)) ? "method " : "service ";
    throw new IllegalArgumentException("rpc: can't find " + what + method);
  }
}

package dev.rr.grpc;

import dev.rr.api.grpc.GrpcHandler;
import dev.rr.grpc.MessageBytes.Received;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What each path is answered by. Filled by one thread before the server listens, then read by any.
 */
public final class MethodTable extends HandlerRegistry {
  private static final MethodDescriptor<Received, byte[]> UNKNOWN =
      descriptor(MethodType.UNKNOWN, "unknown", "unknown");

  private final Map<String, ServerMethodDefinition<Received, byte[]>> methods = new HashMap<>();
  private final Set<String> services = new TreeSet<>();

  /**
   * Has a method answered by a handler of calls.
   *
   * @param service its full name
   * @param method its name alone
   */
  public void serve(
      String service, String method, MethodType type, GrpcHandler chain, CallSettings all) {
    add(
        service,
        method,
        type,
        (call, metadata) -> new ServedCall(call, metadata, service, chain, all));
  }

  /** Has a method answered by a handler of the transport's. */
  public void add(
      String service, String method, MethodType type, ServerCallHandler<Received, byte[]> handler) {
    MethodDescriptor<Received, byte[]> descriptor = descriptor(type, service, method);
    services.add(service);
    methods.put(descriptor.getFullMethodName(), ServerMethodDefinition.create(descriptor, handler));
  }

  private static MethodDescriptor<Received, byte[]> descriptor(
      MethodType type, String service, String method) {
    return MethodDescriptor.newBuilder(MessageBytes.RECEIVED, MessageBytes.SENT)
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
        .build();
  }

  /** The services, by name. */
  public Set<String> services() {
    return services;
  }

  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String path, @Nullable String authority) {
    ServerMethodDefinition<Received, byte[]> known = methods.get(path);
    return known != null
        ? known
        : ServerMethodDefinition.create(UNKNOWN, (call, metadata) -> refuse(call, path));
  }

  private ServerCall.Listener<Received> refuse(ServerCall<Received, byte[]> call, String path) {
    call.close(Status.UNIMPLEMENTED.withDescription(whyUnknown(path)), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private String whyUnknown(String path) {
    int slash = path.lastIndexOf('/');
    if (slash < 0) {
      return "malformed method name: \"/" + path + "\"";
    }
    String service = path.substring(0, slash);
    return services.contains(service)
        ? "unknown method " + path.substring(slash + 1) + " for service " + service
        : "unknown service " + service;
  }
}

package dev.rr.plugin.rpc;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.plugin.Host;
import dev.rr.testing.plugin.FakeConfigurer;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the plugin asks of its surroundings; anything else fails the test. */
final class Fakes {
  private static final Object[] NONE = {};

  private Fakes() {}

  static Host host(Path folder) {
    return fake(
        Host.class,
        (method, arguments) ->
            switch (method) {
              case "version" -> "1.2.3";
              case "workDirectory" -> folder;
              case "plugins" ->
                  List.of(
                      new Host.PluginStatus("rpc", "1.2.3", "live", ""),
                      new Host.PluginStatus("kv", "1.2.3", "disabled", "no section \"kv\""));
              default -> throw new AssertionError(method);
            });
  }

  static Configurer configurer(Map<String, Object> tree) {
    return fake(
        Configurer.class,
        (method, arguments) ->
            switch (method) {
              case "tree" -> tree;
              case "section" ->
                  new FakeConfigurer().section((Binder<?>) arguments[0], (Problems) arguments[1]);
              default -> throw new AssertionError(method);
            });
  }

  /** Answers a method by its name and arguments. */
  private interface Answers {
    Object of(String method, Object[] arguments);
  }

  private static <T> T fake(Class<T> type, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                answers.of(method.getName(), arguments == null ? NONE : arguments)));
  }
}

package dev.rr.plugin.rpc;

import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Section;
import dev.rr.api.plugin.Host;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the plugin asks of its surroundings; anything else fails the test. */
final class Fakes {
  private Fakes() {}

  static Host host(Path folder) {
    return fake(
        Host.class,
        (method, argument) ->
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
        (method, argument) ->
            switch (method) {
              case "tree" -> tree;
              case "section" -> section(argument);
              default -> throw new AssertionError(method);
            });
  }

  private static Section section(Object path) {
    return fake(Section.class, (method, key) -> new Problem.Place(null, 0, path + "." + key));
  }

  /** Answers a method by its name and first argument. */
  private interface Answers {
    Object of(String method, Object argument);
  }

  private static <T> T fake(Class<T> type, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                answers.of(method.getName(), arguments == null ? "" : arguments[0])));
  }
}

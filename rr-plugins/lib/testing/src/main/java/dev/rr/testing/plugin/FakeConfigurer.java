package dev.rr.testing.plugin;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.AbstractList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that holds nothing and knows where everything would stand: for plugins that were
 * given their values and look for a place to complain at.
 */
public final class FakeConfigurer implements Configurer {
  private static final Object[] NONE = {};

  private final Set<String> present;

  /** A configuration that says of these sections alone that they are there. */
  public FakeConfigurer(String... present) {
    this.present = Set.of(present);
  }

  @Override
  public boolean has(String path) {
    return present.contains(path);
  }

  @Override
  public @Nullable String get(String path) {
    return null;
  }

  @Override
  public <T> T bind(Binder<T> binder) {
    throw new AssertionError("nothing is bound here");
  }

  @Override
  public <T> T bind(String path, Binder<T> binder) {
    throw new AssertionError("nothing is bound here");
  }

  @Override
  public Section section(String path, Problems problems) {
    return (Section)
        Proxy.newProxyInstance(
            Section.class.getClassLoader(),
            new Class<?>[] {Section.class},
            (proxy, method, arguments) ->
                method.isDefault()
                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                    : answer(
                        path, problems, method.getName(), arguments == null ? NONE : arguments));
  }

  private @Nullable Object answer(
      String path, Problems problems, String method, @Nullable Object[] arguments) {
    String key = arguments.length == 0 || arguments[0] == null ? path : path + "." + arguments[0];
    switch (method) {
      case "path" -> {
        return path;
      }
      case "place" -> {
        return new Problem.Place(null, 0, key);
      }
      case "section" -> {
        return section(key, problems);
      }
      case "sections" -> {
        return sections(key, problems);
      }
      case "problem", "missing" -> {
        problems.add(new Problem(new Problem.Place(null, 0, key), String.valueOf(arguments[1])));
        return null;
      }
      default -> throw new AssertionError("a section without values was asked for " + method);
    }
  }

  /** As many as anybody asks for. */
  private List<Section> sections(String key, Problems problems) {
    return new AbstractList<>() {
      @Override
      public Section get(int index) {
        return section(key + "[" + index + "]", problems);
      }

      @Override
      public int size() {
        return Integer.MAX_VALUE;
      }
    };
  }

  @Override
  public Map<String, Object> tree() {
    return Map.of();
  }

  @Override
  public List<Problem> unknownKeys(Collection<Schema> known) {
    return List.of();
  }
}

package dev.rr.kernel;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import dev.rr.api.config.StringOrList;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A configuration of dotted keys and texts; durations are milliseconds. */
final class FakeConfigurer implements Configurer {
  final Map<String, String> values = new TreeMap<>();
  final List<String> unknown = new ArrayList<>();
  final List<Problem> wrong = new ArrayList<>();
  Collection<Schema> asked = List.of();

  FakeConfigurer with(String... sections) {
    for (String section : sections) {
      values.put(section, "");
    }
    return this;
  }

  static Problem problem(String path, String message) {
    return new Problem(new Problem.Place(Path.of("/app/.rr.yaml"), 7, path), message);
  }

  @Override
  public boolean has(String path) {
    return values.keySet().stream().anyMatch(k -> k.equals(path) || k.startsWith(path + "."));
  }

  @Override
  public @Nullable String get(String path) {
    return values.get(path);
  }

  @Override
  public <T> T bind(Binder<T> binder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T bind(String path, Binder<T> binder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Problem> problems() {
    return List.copyOf(wrong);
  }

  @Override
  public Map<String, Object> tree() {
    return new TreeMap<>(values);
  }

  @Override
  public List<Problem> unknownKeys(Collection<Schema> known) {
    asked = known;
    return unknown.stream().map(u -> problem(u, "nothing in this binary reads it")).toList();
  }

  @Override
  public Section section(String path, Problems problems) {
    return new FakeSection(path, problems);
  }

  private final class FakeSection implements Section {
    private final String path;
    private final Problems problems;

    FakeSection(String path, Problems problems) {
      this.path = path;
      this.problems = problems;
    }

    private @Nullable String value(String key) {
      return values.get(path + "." + key);
    }

    @Override
    public String path() {
      return path;
    }

    @Override
    public boolean present() {
      return FakeConfigurer.this.has(path);
    }

    @Override
    public boolean has(String key) {
      return value(key) != null;
    }

    @Override
    public List<String> keys() {
      return List.of();
    }

    @Override
    public Map<String, Object> values() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String string(String key, String fallback) {
      String value = value(key);
      return value == null ? fallback : value;
    }

    @Override
    public boolean bool(String key, boolean fallback) {
      String value = value(key);
      return value == null ? fallback : Boolean.parseBoolean(value);
    }

    @Override
    public long integer(String key, long fallback, long min, long max) {
      String value = value(key);
      return value == null ? fallback : Long.parseLong(value);
    }

    @Override
    public double decimal(String key, double fallback) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Duration duration(String key, Duration fallback) {
      String value = value(key);
      if (value == null) {
        return fallback;
      }
      if (!value.matches("[0-9]+")) {
        problem(key, "\"" + value + "\" is no duration");
        return fallback;
      }
      return Duration.ofMillis(Long.parseLong(value));
    }

    @Override
    public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> strings(String key, List<String> fallback) {
      throw new UnsupportedOperationException();
    }

    @Override
    public StringOrList stringOrList(String key, StringOrList fallback) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, String> map(String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Section section(String key) {
      return new FakeSection(path + "." + key, problems);
    }

    @Override
    public List<Section> sections(String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Section> sectionMap(String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Section flattened(String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> T bind(Binder<T> binder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Problem.Place place(@Nullable String key) {
      return FakeConfigurer.problem(path + "." + key, "").place();
    }

    @Override
    public void problem(@Nullable String key, String message) {
      problems.add(FakeConfigurer.problem(path + "." + key, message));
    }

    @Override
    public void missing(String key, String expected) {
      problem(key, "missing: " + expected);
    }
  }
}

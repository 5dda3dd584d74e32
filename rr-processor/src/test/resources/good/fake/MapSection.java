package test.fake;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.config.StringOrList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A section over maps that decodes no more than the tests write. */
public final class MapSection implements Section {
  private final String path;
  private final Map<?, ?> values;
  private final Problems problems;

  public MapSection(String path, Map<?, ?> values, Problems problems) {
    this.path = path;
    this.values = values;
    this.problems = problems;
  }

  private String at(String key) {
    return key == null ? path : path.isEmpty() ? key : path + "." + key;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public boolean present() {
    return !values.isEmpty();
  }

  @Override
  public boolean has(String key) {
    return values.get(key) != null;
  }

  @Override
  public int problemCount() {
    return problems.found().size();
  }

  @Override
  public List<String> keys() {
    return values.keySet().stream().map(String::valueOf).toList();
  }

  @Override
  public Map<String, Object> values() {
    Map<String, Object> all = new LinkedHashMap<>();
    values.forEach((key, value) -> all.put(String.valueOf(key), value));
    return all;
  }

  @Override
  public String string(String key, String fallback) {
    return has(key) ? String.valueOf(values.get(key)) : fallback;
  }

  @Override
  public boolean bool(String key, boolean fallback) {
    return has(key) ? Boolean.parseBoolean(string(key, "")) : fallback;
  }

  @Override
  public long integer(String key, long fallback, long min, long max) {
    long value = has(key) ? Long.parseLong(string(key, "")) : fallback;
    if (value < min || value > max) {
      problem(key, value + " is not within " + min + " and " + max);
      return fallback;
    }
    return value;
  }

  @Override
  public double decimal(String key, double fallback) {
    return has(key) ? Double.parseDouble(string(key, "")) : fallback;
  }

  @Override
  public Duration duration(String key, Duration fallback) {
    return has(key) ? Duration.parse(string(key, "")) : fallback;
  }

  @Override
  public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
    return has(key) ? Enum.valueOf(type, string(key, "").toUpperCase(Locale.ROOT)) : fallback;
  }

  @Override
  public List<String> strings(String key, List<String> fallback) {
    return has(key) ? List.of(string(key, "").split(",")) : fallback;
  }

  @Override
  public StringOrList stringOrList(String key, StringOrList fallback) {
    return has(key) ? StringOrList.of(string(key, "")) : fallback;
  }

  @Override
  public Map<String, String> map(String key) {
    Map<String, String> out = new LinkedHashMap<>();
    ((Map<?, ?>) values(key, Map.of()))
        .forEach((name, value) -> out.put(String.valueOf(name), String.valueOf(value)));
    return out;
  }

  private Object values(String key, Object empty) {
    return has(key) ? values.get(key) : empty;
  }

  @Override
  public Section section(String key) {
    return new MapSection(at(key), (Map<?, ?>) values(key, Map.of()), problems);
  }

  @Override
  public List<Section> sections(String key) {
    List<Section> out = new ArrayList<>();
    for (Object each : (List<?>) values(key, List.of())) {
      out.add(new MapSection(at(key) + "[" + out.size() + "]", (Map<?, ?>) each, problems));
    }
    return out;
  }

  @Override
  public Map<String, Section> sectionMap(String key) {
    Map<String, Section> out = new LinkedHashMap<>();
    (key.isEmpty() ? values : (Map<?, ?>) values(key, Map.of()))
        .forEach((name, value) ->
            out.put(
                String.valueOf(name),
                new MapSection(
                    at(key.isEmpty() ? null : key) + "." + name, (Map<?, ?>) value, problems)));
    return out;
  }

  @Override
  public Section flattened(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T bind(Binder<T> binder) {
    Problems found = new Problems();
    T bound = binder.bind(new MapSection(path, values, found));
    found.throwIfAny();
    return bound;
  }

  @Override
  public Problem.Place place(String key) {
    return new Problem.Place(null, 0, at(key));
  }

  @Override
  public void problem(String key, String message) {
    problems.add(new Problem(place(key), message));
  }

  @Override
  public void missing(String key, String expected) {
    problem(key, "is missing; expected " + expected);
  }
}

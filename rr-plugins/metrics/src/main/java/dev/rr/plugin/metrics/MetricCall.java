package dev.rr.plugin.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The argument of a call as it was decoded from JSON or msgpack: an object whose fields may be
 * absent or null, but of no other type than theirs.
 */
record MetricCall(Map<String, Object> fields) {
  String name() {
    return text("name");
  }

  double value() {
    return fields.get("value") instanceof Object value ? number("value", value) : 0;
  }

  List<String> labels() {
    return texts("labels");
  }

  /** The collector that is declared. */
  CollectorSpec declared() {
    MetricCall collector = collector();
    String type = collector.text("type");
    return new CollectorSpec(
        name(),
        collector.text("namespace"),
        collector.text("subsystem"),
        CollectorType.of(type)
            .orElseThrow(() -> new IllegalArgumentException("unknown collector type " + type)),
        collector.text("help"),
        collector.labels(),
        collector.numbers("buckets"),
        collector.objectives(),
        Boolean.TRUE.equals(collector.fields.get("native")));
  }

  @SuppressWarnings("unchecked") // the keys of decoded objects are texts
  private MetricCall collector() {
    return switch (fields.get("collector")) {
      case null -> new MetricCall(Map.of());
      case Map<?, ?> map -> new MetricCall((Map<String, Object>) map);
      case Object other -> throw mismatch("collector", other, "Collector");
    };
  }

  private String text(String field) {
    return switch (fields.get(field)) {
      case null -> "";
      case String text -> text;
      case Object other -> throw mismatch(field, other, "string");
    };
  }

  private List<?> list(String field, String type) {
    return switch (fields.get(field)) {
      case null -> List.of();
      case List<?> list -> list;
      case Object other -> throw mismatch(field, other, type);
    };
  }

  private List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    for (Object element : list(field, "[]string")) {
      if (element != null && !(element instanceof String)) {
        throw mismatch(field, element, "string");
      }
      texts.add(element == null ? "" : (String) element);
    }
    return texts;
  }

  private List<Double> numbers(String field) {
    List<Double> numbers = new ArrayList<>();
    for (Object element : list(field, "[]float64")) {
      numbers.add(number(field, element));
    }
    return numbers;
  }

  /** A map of quantiles and errors, or a list of such maps, as YAML has to have it upstream. */
  private SortedMap<Double, Double> objectives() {
    SortedMap<Double, Double> objectives = new TreeMap<>();
    switch (fields.get("objectives")) {
      case null -> {}
      case Map<?, ?> map -> addObjectives(map, objectives);
      case List<?> list -> {
        for (Object element : list) {
          if (!(element instanceof Map<?, ?> map)) {
            throw mismatch("objectives", element, "map[float64]float64");
          }
          addObjectives(map, objectives);
        }
      }
      case Object other -> throw mismatch("objectives", other, "map[float64]float64");
    }
    return objectives;
  }

  private static void addObjectives(Map<?, ?> map, SortedMap<Double, Double> to) {
    map.forEach((quantile, error) -> {
      try {
        to.put(Double.valueOf(String.valueOf(quantile)), number("objectives", error));
      } catch (NumberFormatException e) {
        throw mismatch("objectives", quantile, "float64");
      }
    });
  }

  private static double number(String field, @Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw mismatch(field, value, "float64");
  }

  private static IllegalArgumentException mismatch(
      String field, @Nullable Object value, String type) {
    return new IllegalArgumentException(
        "cannot unmarshal %s into field %s of type %s".formatted(kind(value), field, type));
  }

  private static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> "string";
      case Number number -> "number";
      case Boolean bool -> "bool";
      case List<?> list -> "array";
      case Object other -> "object";
    };
  }
}

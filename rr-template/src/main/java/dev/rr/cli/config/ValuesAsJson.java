package dev.rr.cli.config;

import dev.rr.api.config.EffectiveValue;
import dev.rr.api.config.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes what is in force for programs: a list of keys, each with its value and source. */
final class ValuesAsJson {
  private ValuesAsJson() {}

  static String of(List<EffectiveValue> values) {
    return IndentedJson.of(values.stream().map(ValuesAsJson::entry).toList());
  }

  private static Map<String, Object> entry(EffectiveValue value) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("key", String.join(".", value.key()));
    out.put("value", value.value());
    out.put("source", value.source().name().toLowerCase(Locale.ROOT));
    Problem.Place place = value.place();
    if (place.file() != null) {
      out.put("file", place.file().toString());
      out.put("line", place.line());
    }
    if (!value.variables().isEmpty()) {
      out.put("variables", value.variables());
    }
    return out;
  }
}

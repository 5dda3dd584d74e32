package dev.rr.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The values that are decoded as a type, beside those of the type itself. Stateless. */
final class LooseTypes {
  /** A text that an environment variable goes into; what it holds is not known. */
  private static final String VARIABLE = "\\$";

  private static final String BOOLEAN =
      VARIABLE
          + "|^([01]|[tTfFyYnN]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|[yY][eE][sS]|[nN][oO]|[oO][nN]|[oO][fF][fF])?$";
  private static final String INTEGER = VARIABLE + "|^[-+]?[0-9][0-9a-fA-FxXoObB_]*$";
  private static final String NUMBER = VARIABLE + "|^[-+]?([0-9]|\\.[0-9])[0-9._eE+-]*$";
  private static final String DURATION =
      VARIABLE + "|^[+]?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$";

  private LooseTypes() {}

  /** Widens the type of one schema, not of those in it. */
  static void loosen(Map<String, Object> schema) {
    if (schema.get("enum") instanceof List<?> words) {
      schema.remove("enum");
      schema.remove("type");
      schema.put(
          "anyOf",
          List.of(
              Map.of("enum", words),
              Map.of("type", "string", "pattern", VARIABLE),
              Map.of("type", "null")));
      return;
    }
    Object type = schema.get("type");
    if (type instanceof List<?> both && both.contains("integer")) {
      types(schema, DURATION, "string", "integer");
    } else if (type instanceof List<?>) {
      types(schema, "", "array", "string", "number", "boolean");
    } else if (type instanceof String one) {
      loosen(schema, one);
    }
  }

  private static void loosen(Map<String, Object> schema, String type) {
    switch (type) {
      case "string" -> types(schema, "", "string", "number", "boolean");
      case "boolean" -> {
        types(schema, BOOLEAN, "boolean", "string", "integer");
        schema.put("minimum", 0);
        schema.put("maximum", 1);
      }
      case "integer" -> types(schema, INTEGER, "integer", "number", "string");
      case "number" -> types(schema, NUMBER, "number", "string");
      case "array" -> types(schema, "", "array", "object");
      default ->
          types(schema, "", isMapOfTexts(schema) ? List.of("object", "array") : List.of("object"));
    }
  }

  /** Such a map may be written as a list of maps. */
  private static boolean isMapOfTexts(Map<String, Object> schema) {
    return schema.get("additionalProperties") instanceof Map<?, ?> each
        && "string".equals(each.get("type"));
  }

  private static void types(Map<String, Object> schema, String pattern, String... types) {
    types(schema, pattern, List.of(types));
  }

  private static void types(Map<String, Object> schema, String pattern, List<String> types) {
    List<String> all = new ArrayList<>(types);
    all.add("null");
    schema.put("type", all);
    if (!pattern.isEmpty()) {
      schema.put("pattern", pattern);
    }
  }
}

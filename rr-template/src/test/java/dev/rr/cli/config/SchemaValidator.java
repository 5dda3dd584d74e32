package dev.rr.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of JSON schema that {@link ConfigSchema} writes, as an editor understands it. */
final class SchemaValidator {
  private final List<String> faults = new ArrayList<>();

  private SchemaValidator() {}

  /** Paths at which a value does not fit; empty when all of it does. */
  static List<String> faults(Object schema, @Nullable Object value) {
    SchemaValidator validator = new SchemaValidator();
    validator.check(schema, value, "");
    return validator.faults;
  }

  private static boolean fits(Object schema, @Nullable Object value) {
    return faults(schema, value).isEmpty();
  }

  private void check(Object schema, @Nullable Object value, String at) {
    if (schema instanceof Boolean all) {
      expect(all, at);
      return;
    }
    Map<?, ?> rules = (Map<?, ?>) schema;
    rules.forEach((rule, argument) -> rule(rules, String.valueOf(rule), argument, value, at));
  }

  private void rule(
      Map<?, ?> rules, String rule, Object argument, @Nullable Object value, String at) {
    switch (rule) {
      case "type" -> expect(ofType(argument, value), at);
      case "pattern" ->
          expect(
              !(value instanceof String text)
                  || Pattern.compile(argument.toString()).matcher(text).find(),
              at);
      case "minimum" ->
          expect(
              !(value instanceof Number n) || n.doubleValue() >= ((Number) argument).doubleValue(),
              at);
      case "maximum" ->
          expect(
              !(value instanceof Number n) || n.doubleValue() <= ((Number) argument).doubleValue(),
              at);
      case "enum" -> expect(((List<?>) argument).contains(value), at);
      case "const" -> expect(argument.equals(value), at);
      case "anyOf" -> expect(((List<?>) argument).stream().anyMatch(s -> fits(s, value)), at);
      case "allOf" -> ((List<?>) argument).forEach(s -> check(s, value, at));
      case "then" -> {
        if (rules.get("if") instanceof Object condition && fits(condition, value)) {
          check(argument, value, at);
        }
      }
      case "required" -> {
        if (value instanceof Map<?, ?> map) {
          ((List<?>) argument).forEach(key -> expect(map.containsKey(key), at + "." + key));
        }
      }
      case "items" -> {
        if (value instanceof List<?> list) {
          list.forEach(item -> check(argument, item, at + "[]"));
        }
      }
      case "properties" -> {
        if (value instanceof Map<?, ?> map) {
          map.forEach((key, below) -> property(rules, String.valueOf(key), below, at));
        }
      }
      case "additionalProperties" -> {
        if (value instanceof Map<?, ?> map && !rules.containsKey("properties")) {
          map.forEach((key, below) -> property(rules, String.valueOf(key), below, at));
        }
      }
      default -> {}
    }
  }

  private void property(Map<?, ?> rules, String key, @Nullable Object value, String at) {
    Map<?, ?> properties = rules.get("properties") instanceof Map<?, ?> p ? p : Map.of();
    Map<?, ?> patterns = rules.get("patternProperties") instanceof Map<?, ?> p ? p : Map.of();
    Object own = properties.get(key);
    if (own != null) {
      check(own, value, at + "." + key);
    }
    boolean matched =
        patterns.keySet().stream().anyMatch(p -> Pattern.compile(p.toString()).matcher(key).find());
    Object others = rules.get("additionalProperties");
    if (own == null && !matched && others != null) {
      check(others, value, at + "." + key);
    }
  }

  private static boolean ofType(Object types, @Nullable Object value) {
    String own =
        switch (value) {
          case null -> "null";
          case String s -> "string";
          case Boolean b -> "boolean";
          case Long l -> "integer";
          case Double d -> "number";
          case List<?> l -> "array";
          default -> "object";
        };
    return types instanceof List<?> list
        ? list.contains(own) || (own.equals("integer") && list.contains("number"))
        : types.equals(own);
  }

  private void expect(boolean fits, String at) {
    if (!fits) {
      faults.add(at);
    }
  }
}

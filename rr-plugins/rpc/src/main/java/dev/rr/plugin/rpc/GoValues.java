package dev.rr.plugin.rpc;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What decoded values are called in Go's error texts, and how text becomes bytes. */
final class GoValues {
  private GoValues() {}

  /** The name of a value's kind, with the value where Go shows it. */
  static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Boolean _ -> "bool";
      case Long number -> "number" + (number == (int) (long) number ? "" : " " + number);
      case Number number -> "number " + number;
      case String _, byte[] _ -> "string";
      case List<?> _ -> "array";
      case Map<?, ?> _ -> "object";
      default -> value.getClass().getSimpleName();
    };
  }

  /**
   * Decodes base64.
   *
   * @throws IllegalArgumentException when it is none
   */
  static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("illegal base64 data: " + e.getMessage(), e);
    }
  }
}

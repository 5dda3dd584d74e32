package dev.rr.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes a value as Go's encoder does: {@code < > &} and the two Unicode line ends escaped, bytes
 * as base64, numbers in the shortest form, lone surrogates as U+FFFD. One thread.
 */
public final class JsonWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

  /** A value nested deeper than any decoder would read is a loop. */
  private static final int MAX_DEPTH = 1_000;

  private final UnaryOperator<Object> others;
  private byte[] out = new byte[64];
  private int length;
  private int depth;

  private JsonWriter(UnaryOperator<Object> others) {
    this.others = others;
  }

  /**
   * Writes null, text, booleans, numbers, byte arrays, collections and maps of those; map keys in
   * their order.
   *
   * @throws IllegalArgumentException when it holds something JSON cannot say
   */
  public static byte[] write(@Nullable Object value) {
    return write(
        value,
        other -> {
          throw new IllegalArgumentException(
              "json: unsupported type: " + other.getClass().getName());
        });
  }

  /**
   * As {@link #write(Object)}.
   *
   * @param others turns a value of another type into one that can be written
   */
  public static byte[] write(@Nullable Object value, UnaryOperator<Object> others) {
    JsonWriter writer = new JsonWriter(others);
    writer.value(value);
    return Arrays.copyOf(writer.out, writer.length);
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case null -> ascii("null");
      case String text -> string(text);
      case Boolean bool -> ascii(bool ? "true" : "false");
      case Integer number -> ascii(number.toString());
      case Long number -> ascii(number.toString());
      case Double number -> decimal(number, number.toString());
      case Float number -> decimal(number, number.toString());
      case BigInteger number -> ascii(number.toString());
      case Number number -> ascii(Long.toString(number.longValue()));
      case byte[] bytes -> bytes(bytes);
      case Collection<?> list -> list(list);
      case Map<?, ?> map -> map(map);
      default -> value(others.apply(value));
    }
  }

  private void list(Collection<?> list) {
    descend();
    put('[');
    boolean first = true;
    for (Object element : list) {
      if (!first) {
        put(',');
      }
      first = false;
      value(element);
    }
    put(']');
    depth--;
  }

  private void map(Map<?, ?> map) {
    descend();
    put('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!first) {
        put(',');
      }
      first = false;
      string(String.valueOf(entry.getKey()));
      put(':');
      value(entry.getValue());
    }
    put('}');
    depth--;
  }

  private void descend() {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException("json: the value is nested too deeply");
    }
  }

  private void bytes(byte[] bytes) {
    put('"');
    append(Base64.getEncoder().encode(bytes));
    put('"');
  }

  private void decimal(double value, String shortest) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("json: unsupported value: " + shortest);
    }
    double size = Math.abs(value);
    BigDecimal digits = new BigDecimal(shortest);
    if (size == 0) {
      ascii("0");
    } else if (size < 1e-6 || size >= 1e21) {
      scientific(digits.stripTrailingZeros());
    } else {
      ascii(digits.signum() == 0 ? "0" : digits.stripTrailingZeros().toPlainString());
    }
  }

  private void scientific(BigDecimal digits) {
    String mantissa = digits.unscaledValue().abs().toString();
    int exponent = mantissa.length() - 1 - digits.scale();
    StringBuilder text =
        new StringBuilder(digits.signum() < 0 ? "-" : "").append(mantissa.charAt(0));
    if (mantissa.length() > 1) {
      text.append('.').append(mantissa, 1, mantissa.length());
    }
    ascii(text.append('e').append(exponent < 0 ? "-" : "+").append(Math.abs(exponent)).toString());
  }

  private void string(String text) {
    put('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (c < 0x800) {
        put(0xc0 | c >> 6);
        put(0x80 | c & 0x3f);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        supplementary(Character.toCodePoint(c, text.charAt(++i)));
      } else if (c == '\u2028' || c == '\u2029') {
        ascii(c == '\u2028' ? "\\u2028" : "\\u2029");
      } else {
        char shown = Character.isSurrogate(c) ? '\ufffd' : c;
        put(0xe0 | shown >> 12);
        put(0x80 | shown >> 6 & 0x3f);
        put(0x80 | shown & 0x3f);
      }
    }
    put('"');
  }

  private void supplementary(int point) {
    put(0xf0 | point >> 18);
    put(0x80 | point >> 12 & 0x3f);
    put(0x80 | point >> 6 & 0x3f);
    put(0x80 | point & 0x3f);
  }

  private void ascii(char c) {
    switch (c) {
      case '"' -> ascii("\\\"");
      case '\\' -> ascii("\\\\");
      case '\n' -> ascii("\\n");
      case '\r' -> ascii("\\r");
      case '\t' -> ascii("\\t");
      case '\b' -> ascii("\\b");
      case '\f' -> ascii("\\f");
      case '<', '>', '&' -> escape(c);
      default -> {
        if (c < 0x20) {
          escape(c);
        } else {
          put(c);
        }
      }
    }
  }

  private void escape(char c) {
    ascii("\\u00");
    put(HEX[c >> 4]);
    put(HEX[c & 0xf]);
  }

  private void ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      put(text.charAt(i));
    }
  }

  private void append(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, out, length, bytes.length);
    length += bytes.length;
  }

  private void put(int octet) {
    reserve(1);
    out[length++] = (byte) octet;
  }

  private void reserve(int more) {
    if (out.length - length < more) {
      int needed = Math.addExact(length, more);
      int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, out.length * 2L);
      out = Arrays.copyOf(out, Math.max(needed, doubled));
    }
  }
}

package dev.rr.plugin.beanstalk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value of Go's gob encoding, which describes its types in front. A struct comes out as a
 * map by field name without the fields that are zero, a map as a map by text, a slice as a list, a
 * text or bytes as bytes, numbers as Long and Double. Lengths are held against what is there, and
 * nesting is bounded, so it takes no more memory than a few times what it reads. One thread.
 */
final class GobReader {
  private static final int DEEPEST = 32;

  // The types that both sides know; those that are described have higher numbers.
  private static final int BOOL = 1;
  private static final int INT = 2;
  private static final int UINT = 3;
  private static final int FLOAT = 4;
  private static final int BYTES = 5;
  private static final int STRING = 6;

  private final Map<Long, Type> types = new HashMap<>();
  private ByteBuffer in;
  private int depth;

  /** A type that was described. */
  private sealed interface Type {}

  private record Struct(List<Field> fields) implements Type {}

  private record Field(String name, long type) {}

  private record Elements(long element) implements Type {}

  private record Entries(long key, long value) implements Type {}

  private GobReader(ByteBuffer in) {
    this.in = in;
  }

  /**
   * Reads the first value.
   *
   * @throws IllegalArgumentException when there is none that can be read
   */
  static Object read(byte[] bytes) {
    try {
      return new GobReader(ByteBuffer.wrap(bytes)).firstValue();
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("it ends too early", e);
    }
  }

  private Object firstValue() {
    ByteBuffer all = in;
    while (true) {
      in = all;
      in = take(length());
      long type = integer();
      if (type >= 0) {
        return topLevel(type);
      }
      types.put(-type, description());
    }
  }

  private Object topLevel(long type) {
    if (!(types.get(type) instanceof Struct) && unsigned() != 0) {
      throw new IllegalArgumentException("a value without the zero in front of it");
    }
    return value(type);
  }

  private Object value(long type) {
    return switch ((int) Math.min(type, Integer.MAX_VALUE)) {
      case BOOL -> unsigned() != 0;
      case INT -> integer();
      case UINT -> unsigned();
      case FLOAT -> Double.longBitsToDouble(Long.reverseBytes(unsigned()));
      case BYTES, STRING -> bytes();
      default -> described(type);
    };
  }

  private Object described(long type) {
    Type found = types.get(type);
    if (found == null || ++depth > DEEPEST) {
      throw new IllegalArgumentException("a type that is not known, or too deep: " + type);
    }
    Object value =
        switch (found) {
          case Struct struct -> struct(struct);
          case Elements elements -> list(elements);
          case Entries entries -> map(entries);
        };
    depth--;
    return value;
  }

  private Map<String, Object> struct(Struct type) {
    Map<String, Object> fields = new HashMap<>();
    int at = -1;
    for (long delta = unsigned(); delta != 0; delta = unsigned()) {
      if (delta < 0 || delta >= type.fields.size() - at) {
        throw new IllegalArgumentException("a field that is not described");
      }
      at += (int) delta;
      Field field = type.fields.get(at);
      fields.put(field.name, value(field.type));
    }
    return fields;
  }

  private List<Object> list(Elements type) {
    int count = length();
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(value(type.element));
    }
    return list;
  }

  private Map<String, Object> map(Entries type) {
    int count = length();
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Object key = value(type.key);
      map.put(text(key), value(type.value));
    }
    return map;
  }

  // ---- descriptions: structs themselves, of a shape that both sides know
  // -------------------------

  private Type description() {
    long kind = unsigned();
    return switch ((int) kind) {
      case 1, 2 -> elements();
      case 3 -> struct();
      case 4 -> entries();
      default -> throw new IllegalArgumentException("a type of an unknown kind: " + kind);
    };
  }

  /** Of an array, which says its length as well, or of a slice. */
  private Elements elements() {
    long[] numbers = numbers();
    return new Elements(numbers[2]);
  }

  private Entries entries() {
    long[] numbers = numbers();
    return new Entries(numbers[2], numbers[3]);
  }

  /** The numbers behind the name, by the number of their field from 1. */
  private long[] numbers() {
    long[] numbers = new long[4];
    int field = 0;
    for (int delta = delta(); delta != 0; delta = delta()) {
      field += delta;
      if (field == 1) {
        common();
      } else if (field < numbers.length) {
        numbers[field] = integer();
      } else {
        throw new IllegalArgumentException("a type of an unknown shape");
      }
    }
    return numbers;
  }

  private Struct struct() {
    List<Field> fields = List.of();
    int field = 0;
    for (int delta = delta(); delta != 0; delta = delta()) {
      field += delta;
      switch (field) {
        case 1 -> common();
        case 2 -> fields = fields();
        default -> throw new IllegalArgumentException("a type of an unknown shape");
      }
    }
    return new Struct(fields);
  }

  private List<Field> fields() {
    int count = length();
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(named());
    }
    return fields;
  }

  /** The name and number of a type, of which nobody asks. */
  private void common() {
    var unused = named();
  }

  private Field named() {
    String name = "";
    long type = 0;
    int field = 0;
    for (int delta = delta(); delta != 0; delta = delta()) {
      field += delta;
      switch (field) {
        case 1 -> name = text(bytes());
        case 2 -> type = integer();
        default -> throw new IllegalArgumentException("a field of an unknown shape");
      }
    }
    return new Field(name, type);
  }

  private int delta() {
    long delta = unsigned();
    if (delta < 0 || delta > 4) {
      throw new IllegalArgumentException("a type of an unknown shape");
    }
    return (int) delta;
  }

  // ---- numbers and bytes
  // -------------------------------------------------------------------------

  private long unsigned() {
    int first = in.get();
    if (first >= 0) {
      return first;
    }
    if (first < -Long.BYTES) {
      throw new IllegalArgumentException("a number of more than eight bytes");
    }
    long number = 0;
    for (int i = first; i < 0; i++) {
      number = number << 8 | in.get() & 0xff;
    }
    return number;
  }

  private long integer() {
    long coded = unsigned();
    return coded >>> 1 ^ -(coded & 1);
  }

  /** A number of things, each of which takes a byte at least. */
  private int length() {
    long length = unsigned();
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("it ends too early");
    }
    return (int) length;
  }

  private ByteBuffer take(int length) {
    ByteBuffer part = in.slice(in.position(), length);
    in.position(in.position() + length);
    return part;
  }

  private byte[] bytes() {
    byte[] bytes = new byte[length()];
    in.get(bytes);
    return bytes;
  }

  /** Bytes as text; empty when it is something else. */
  static String text(@Nullable Object value) {
    return value instanceof byte[] bytes ? new String(bytes, UTF_8) : "";
  }
}

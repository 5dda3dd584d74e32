package dev.rr.plugin.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import dev.rr.json.FoldingMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Protobuf messages as plain values, in the form that Go's JSON encoder gives the generated
 * structs, which is not protobuf's own JSON: field names in snake case, 64-bit numbers as numbers,
 * enums as numbers, unset fields left out. Stateless.
 */
final class ProtoTree {
  private ProtoTree() {}

  /** A message as a map, in the order of its field numbers. */
  static Map<String, Object> of(Message message) {
    Map<String, Object> out = new LinkedHashMap<>();
    message
        .getAllFields()
        .forEach((field, value) -> out.put(field.getName(), fieldValue(field, value)));
    return out;
  }

  private static Object fieldValue(FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      Map<String, Object> out = new LinkedHashMap<>();
      for (Object entry : (List<?>) value) {
        MapEntry<?, ?> pair = (MapEntry<?, ?>) entry;
        out.put(pair.getKey().toString(), single(pair.getValue()));
      }
      return out;
    }
    if (field.isRepeated()) {
      return ((List<?>) value).stream().map(ProtoTree::single).toList();
    }
    return single(value);
  }

  private static Object single(Object value) {
    return switch (value) {
      case Message message -> of(message);
      case ByteString bytes -> bytes.toByteArray();
      case EnumValueDescriptor constant -> constant.getNumber();
      default -> value;
    };
  }

  /**
   * Puts values into a message. Unknown names are ignored, null leaves a field unset.
   *
   * @param values by snake case or camel case name, without regard to case
   * @throws IllegalArgumentException when a value is not of its field's type
   */
  static void merge(Map<String, ?> values, Message.Builder into) {
    Descriptor type = into.getDescriptorForType();
    for (Map.Entry<String, ?> entry : values.entrySet()) {
      FieldDescriptor field = field(type, entry.getKey());
      if (field != null && entry.getValue() != null) {
        set(into, field, entry.getValue());
      }
    }
  }

  private static @Nullable FieldDescriptor field(Descriptor type, String name) {
    FieldDescriptor exact = type.findFieldByName(name);
    if (exact != null) {
      return exact;
    }
    for (FieldDescriptor field : type.getFields()) {
      if (field.getName().equalsIgnoreCase(name) || field.getJsonName().equalsIgnoreCase(name)) {
        return field;
      }
    }
    return null;
  }

  private static void set(Message.Builder into, FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      setMap(into, field, value);
    } else if (field.isRepeated()) {
      if (!(value instanceof List<?> list)) {
        throw mismatch(field, value);
      }
      into.clearField(field);
      for (Object element : list) {
        into.addRepeatedField(field, convert(field, element, nested(into, field)));
      }
    } else {
      into.setField(field, convert(field, value, nested(into, field)));
    }
  }

  private static Message.@Nullable Builder nested(Message.Builder into, FieldDescriptor field) {
    boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    return message ? into.newBuilderForField(field) : null;
  }

  private static void setMap(Message.Builder into, FieldDescriptor field, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw mismatch(field, value);
    }
    Descriptor entryType = field.getMessageType();
    FieldDescriptor key = entryType.findFieldByNumber(1);
    FieldDescriptor content = entryType.findFieldByNumber(2);
    into.clearField(field);
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Message.Builder pair = into.newBuilderForField(field);
      pair.setField(key, mapKey(key, String.valueOf(entry.getKey())));
      if (entry.getValue() != null) {
        set(pair, content, entry.getValue());
      }
      into.addRepeatedField(field, pair.build());
    }
  }

  private static Object mapKey(FieldDescriptor key, String text) {
    try {
      return switch (key.getJavaType()) {
        case STRING -> text;
        case BOOLEAN -> Boolean.valueOf(text);
        case INT -> Integer.valueOf(text);
        default -> Long.valueOf(text);
      };
    } catch (NumberFormatException e) {
      throw mismatch(key, text);
    }
  }

  private static Object convert(
      FieldDescriptor field, @Nullable Object value, Message.@Nullable Builder nested) {
    Object converted =
        switch (field.getJavaType()) {
          case STRING -> value instanceof String ? value : null;
          case BOOLEAN -> value instanceof Boolean ? value : null;
          case INT -> value instanceof Long number ? fit(field, number) : null;
          case LONG -> value instanceof Long ? value : null;
          case DOUBLE -> value instanceof Number number ? number.doubleValue() : null;
          case FLOAT -> value instanceof Number number ? number.floatValue() : null;
          case BYTE_STRING -> bytes(value);
          case ENUM -> constant(field, value);
          case MESSAGE -> message(value, nested);
        };
    if (converted == null) {
      throw mismatch(field, value);
    }
    return converted;
  }

  private static @Nullable Object fit(FieldDescriptor field, long number) {
    boolean unsigned =
        field.getType() == FieldDescriptor.Type.UINT32
            || field.getType() == FieldDescriptor.Type.FIXED32;
    boolean fits = unsigned ? number >>> 32 == 0 : number == (int) number;
    return fits ? (int) number : null;
  }

  private static @Nullable Object bytes(@Nullable Object value) {
    return switch (value) {
      case byte[] bytes -> ByteString.copyFrom(bytes);
      case String text -> ByteString.copyFrom(GoValues.base64(text));
      case null, default -> null;
    };
  }

  private static @Nullable Object constant(FieldDescriptor field, @Nullable Object value) {
    return switch (value) {
      case String name -> field.getEnumType().findValueByName(name);
      case Long number when number == (int) (long) number ->
          field.getEnumType().findValueByNumberCreatingIfUnknown((int) (long) number);
      case null, default -> null;
    };
  }

  private static @Nullable Object message(
      @Nullable Object value, Message.@Nullable Builder nested) {
    if (nested == null || !(value instanceof FoldingMap map)) {
      return null;
    }
    merge(map, nested);
    return nested.build();
  }

  private static IllegalArgumentException mismatch(FieldDescriptor field, @Nullable Object value) {
    return new IllegalArgumentException(
        "json: cannot unmarshal "
            + GoValues.kind(value)
            + " into Go struct field "
            + field.getContainingType().getName()
            + "."
            + field.getName()
            + " of type "
            + field.getType().name().toLowerCase(Locale.ROOT));
  }
}

package dev.rr.plugin.rpc;

import com.google.protobuf.Message;
import dev.rr.api.rpc.RpcArgument;
import dev.rr.json.FoldingMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An argument whose codec carries values of many types (JSON, msgpack), turned into the wanted type
 * as Go's decoder does: null gives the zero value, anything else must be of that type. One thread.
 */
final class ValueArgument implements RpcArgument {
  private final String codec;
  private final Supplier<@Nullable Object> decoder;

  /**
   * An argument.
   *
   * @param codec named in error texts
   * @param decoder decodes the body; null for an empty one
   */
  ValueArgument(String codec, Supplier<@Nullable Object> decoder) {
    this.codec = codec;
    this.decoder = decoder;
  }

  @Override
  public String string() {
    return switch (decoder.get()) {
      case null -> "";
      case String text -> text;
      case Object other -> throw mismatch(other, "string");
    };
  }

  @Override
  public boolean bool() {
    return switch (decoder.get()) {
      case null -> false;
      case Boolean bool -> bool;
      case Object other -> throw mismatch(other, "bool");
    };
  }

  @Override
  public int integer() {
    Object value = decoder.get();
    long number = whole(value, "int");
    if (number != (int) number) {
      throw mismatch(value, "int");
    }
    return (int) number;
  }

  @Override
  public long longInteger() {
    return whole(decoder.get(), "int64");
  }

  private long whole(@Nullable Object value, String type) {
    return switch (value) {
      case null -> 0;
      case Long number -> number;
      case Object other -> throw mismatch(other, type);
    };
  }

  @Override
  public double decimal() {
    return switch (decoder.get()) {
      case null -> 0;
      case Number number when Double.isFinite(number.doubleValue()) -> number.doubleValue();
      case Object other -> throw mismatch(other, "float64");
    };
  }

  @Override
  public byte[] bytes() {
    return switch (decoder.get()) {
      case null -> new byte[0];
      case byte[] bytes -> bytes;
      case String text -> base64(text);
      case List<?> list -> octets(list);
      case Object other -> throw mismatch(other, "[]uint8");
    };
  }

  private byte[] base64(String text) {
    if (!codec.equals("json")) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    return GoValues.base64(text);
  }

  private byte[] octets(List<?> list) {
    byte[] out = new byte[list.size()];
    for (int i = 0; i < out.length; i++) {
      Object element = list.get(i);
      if (!(element instanceof Long number) || number < 0 || number > 255) {
        throw mismatch(element, "uint8");
      }
      out[i] = number.byteValue();
    }
    return out;
  }

  @Override
  public List<String> strings() {
    Object value = decoder.get();
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw mismatch(value, "[]string");
    }
    List<String> out = new ArrayList<>(list.size());
    for (Object element : list) {
      if (element != null && !(element instanceof String)) {
        throw mismatch(element, "string");
      }
      out.add(element == null ? "" : (String) element);
    }
    return out;
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // the contract's map says nothing of null values
  public Map<String, Object> map() {
    return switch (decoder.get()) {
      case null -> new FoldingMap();
      case FoldingMap map -> (Map<String, Object>) (Map<String, ?>) map;
      case Object other -> throw mismatch(other, "map[string]interface {}");
    };
  }

  @Override
  @SuppressWarnings("unchecked") // a builder's message is of its prototype's type
  public <M> M message(M prototype) {
    Message.Builder builder = ((Message) prototype).newBuilderForType();
    switch (decoder.get()) {
      case null -> {}
      case FoldingMap map -> ProtoTree.merge(map, builder);
      case Object other -> throw mismatch(other, builder.getDescriptorForType().getFullName());
    }
    return (M) builder.build();
  }

  private IllegalArgumentException mismatch(@Nullable Object value, String type) {
    return new IllegalArgumentException(
        codec + ": cannot unmarshal " + GoValues.kind(value) + " into Go value of type " + type);
  }
}

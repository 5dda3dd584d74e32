package dev.rr.plugin.rpc;

import com.google.protobuf.Message;
import dev.rr.json.FoldingMap;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/** Values in msgpack, which the PHP package can still send. Stateless. */
final class Msgpack {
  private static final int MAX_DEPTH = 1_000;

  static {
    // The library's other way goes through sun.misc.Unsafe, for which the JVM prints warnings.
    if (System.getProperty("msgpack.universal-buffer") == null) {
      System.setProperty("msgpack.universal-buffer", "true");
    }
  }

  private Msgpack() {}

  /**
   * Reads the value that begins at {@code from}.
   *
   * @throws IllegalArgumentException when it is none
   */
  static @Nullable Object read(byte[] in, int from) {
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(in, from, in.length - from)) {
      return value(unpacker, in.length - from, 0);
    } catch (IOException | MessagePackException e) {
      throw new IllegalArgumentException("msgpack: " + e.getMessage(), e);
    }
  }

  private static @Nullable Object value(MessageUnpacker in, int limit, int depth)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("msgpack: exceeded max depth");
    }
    return switch (in.getNextFormat().getValueType()) {
      case NIL -> {
        in.unpackNil();
        yield null;
      }
      case BOOLEAN -> in.unpackBoolean();
      case INTEGER -> in.unpackLong();
      case FLOAT -> in.unpackDouble();
      case STRING -> in.unpackString();
      case BINARY -> in.readPayload(fits(in.unpackBinaryHeader(), limit));
      case ARRAY -> list(in, fits(in.unpackArrayHeader(), limit), limit, depth);
      case MAP -> map(in, fits(in.unpackMapHeader(), limit), limit, depth);
      case EXTENSION -> throw new IllegalArgumentException("msgpack: extensions are not supported");
    };
  }

  /** A length that is larger than what arrived must not be allocated. */
  private static int fits(int length, int limit) {
    if (length < 0 || length > limit) {
      throw new IllegalArgumentException("msgpack: unexpected EOF");
    }
    return length;
  }

  private static List<@Nullable Object> list(MessageUnpacker in, int size, int limit, int depth)
      throws IOException {
    List<@Nullable Object> out = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      out.add(value(in, limit, depth + 1));
    }
    return out;
  }

  private static FoldingMap map(MessageUnpacker in, int size, int limit, int depth)
      throws IOException {
    FoldingMap out = new FoldingMap();
    for (int i = 0; i < size; i++) {
      String key = String.valueOf(value(in, limit, depth + 1));
      out.put(key, value(in, limit, depth + 1));
    }
    return out;
  }

  /**
   * Writes a result.
   *
   * @throws IllegalArgumentException when it holds something msgpack cannot say
   */
  static byte[] write(@Nullable Object value) {
    try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
      pack(value, out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new IllegalArgumentException("msgpack: " + e.getMessage(), e);
    }
  }

  private static void pack(@Nullable Object value, MessageBufferPacker out) throws IOException {
    switch (value) {
      case null -> out.packNil();
      case String text -> out.packString(text);
      case Boolean bool -> out.packBoolean(bool);
      case Double number -> out.packDouble(number);
      case Float number -> out.packFloat(number);
      case BigInteger number -> out.packBigInteger(number);
      case Number number -> out.packLong(number.longValue());
      case byte[] bytes -> out.packBinaryHeader(bytes.length).writePayload(bytes);
      case Collection<?> list -> pack(list, out);
      case Map<?, ?> map -> pack(map, out);
      case Message message -> pack(ProtoTree.of(message), out);
      default ->
          throw new IllegalArgumentException(
              "msgpack: unsupported type: " + value.getClass().getName());
    }
  }

  private static void pack(Collection<?> list, MessageBufferPacker out) throws IOException {
    out.packArrayHeader(list.size());
    for (Object element : list) {
      pack(element, out);
    }
  }

  private static void pack(Map<?, ?> map, MessageBufferPacker out) throws IOException {
    out.packMapHeader(map.size());
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.packString(String.valueOf(entry.getKey()));
      pack(entry.getValue(), out);
    }
  }
}

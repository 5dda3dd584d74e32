package dev.rr.plugin.rpc;

import com.google.protobuf.Message;
import dev.rr.json.DecodedSize;
import dev.rr.json.FoldingMap;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
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
   * @param size is told how many bytes the values take, in steps and before they are made; throws
   *     when they are too many
   * @throws IllegalArgumentException when it is none
   */
  static @Nullable Object read(byte[] in, int from, LongConsumer size) {
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(in, from, in.length - from)) {
      return new Reading(unpacker, in.length - from, new DecodedSize(size)).value(0);
    } catch (IOException | MessagePackException e) {
      throw new IllegalArgumentException("msgpack: " + e.getMessage(), e);
    }
  }

  private record Reading(MessageUnpacker in, int length, DecodedSize size) {
    @Nullable Object value(int depth) throws IOException {
      if (depth > MAX_DEPTH) {
        throw new IllegalArgumentException("msgpack: exceeded max depth");
      }
      return switch (in.getNextFormat().getValueType()) {
        case NIL -> {
          in.unpackNil();
          yield null;
        }
        case BOOLEAN -> in.unpackBoolean();
        case INTEGER -> {
          size.number();
          yield in.unpackLong();
        }
        case FLOAT -> {
          size.number();
          yield in.unpackDouble();
        }
        case STRING -> text();
        case BINARY -> in.readPayload(counted(in.unpackBinaryHeader()));
        case ARRAY -> list(announced(in.unpackArrayHeader()), depth);
        case MAP -> map(announced(in.unpackMapHeader()), depth);
        case EXTENSION ->
            throw new IllegalArgumentException("msgpack: extensions are not supported");
      };
    }

    private String text() throws IOException {
      return new String(
          in.readPayload(counted(in.unpackRawStringHeader())), StandardCharsets.UTF_8);
    }

    /** A length of bytes that are there, and counted. */
    private int counted(int bytes) {
      size.text(announced(bytes));
      return bytes;
    }

    /** Every element takes a byte at least: more than there are bytes left is no count. */
    private int announced(int count) {
      if (count < 0 || count > length - in.getTotalReadBytes()) {
        throw new IllegalArgumentException("msgpack: unexpected EOF");
      }
      return count;
    }

    private List<@Nullable Object> list(int count, int depth) throws IOException {
      size.list();
      // Grows as elements come: a count is cheap to send.
      List<@Nullable Object> out = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        size.element();
        out.add(value(depth + 1));
      }
      return out;
    }

    private FoldingMap map(int count, int depth) throws IOException {
      size.map();
      FoldingMap out = new FoldingMap();
      for (int i = 0; i < count; i++) {
        size.entry();
        out.put(key(), value(depth + 1));
      }
      return out;
    }

    /** PHP has numbers for keys, too. */
    private String key() throws IOException {
      return switch (in.getNextFormat().getValueType()) {
        case STRING -> text();
        case BINARY ->
            new String(in.readPayload(counted(in.unpackBinaryHeader())), StandardCharsets.UTF_8);
        case INTEGER -> {
          size.text(Long.SIZE);
          yield Long.toString(in.unpackLong());
        }
        default -> throw new IllegalArgumentException("msgpack: a key of a map must be text");
      };
    }
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

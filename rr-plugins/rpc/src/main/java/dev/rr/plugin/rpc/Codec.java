package dev.rr.plugin.rpc;

import com.google.protobuf.Message;
import dev.rr.api.rpc.RpcArgument;
import dev.rr.goridge.Frame;
import dev.rr.json.JsonReader;
import dev.rr.json.JsonWriter;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How an argument and its result are written; chosen by the flags of the request's frame.
 * Stateless.
 */
enum Codec {
  PROTO(Frame.PROTO) {
    @Override
    long size(@Nullable Object result) {
      return result instanceof Message message
          ? Integer.toUnsignedLong(message.getSerializedSize())
          : 0;
    }

    @Override
    RpcArgument argument(byte[] payload, int from, LongConsumer size) {
      return new ProtoArgument(payload, from, size);
    }

    @Override
    byte[] encode(@Nullable Object result) {
      if (result instanceof Message message) {
        return message.toByteArray();
      }
      throw new IllegalArgumentException("goridge_write_response: message type is not a proto");
    }
  },

  JSON(Frame.JSON) {
    @Override
    RpcArgument argument(byte[] payload, int from, LongConsumer size) {
      return new ValueArgument(
          "json", () -> from == payload.length ? null : JsonReader.read(payload, from, size));
    }

    @Override
    byte[] encode(@Nullable Object result) {
      return JsonWriter.write(result, Codec::plain);
    }
  },

  RAW(Frame.RAW) {
    @Override
    RpcArgument argument(byte[] payload, int from, LongConsumer size) {
      return new RawArgument(payload, from, size);
    }

    @Override
    byte[] encode(@Nullable Object result) {
      if (result instanceof byte[] bytes) {
        return bytes;
      }
      throw new IllegalArgumentException("unknown Raw payload type");
    }
  },

  MSGPACK(Frame.MSGPACK) {
    @Override
    RpcArgument argument(byte[] payload, int from, LongConsumer size) {
      return new ValueArgument(
          "msgpack", () -> from == payload.length ? null : Msgpack.read(payload, from, size));
    }

    @Override
    byte[] encode(@Nullable Object result) {
      return Msgpack.write(result);
    }
  },

  /** Go's own encoding, which also stands for "no codec". There is nobody to speak it with. */
  GOB(Frame.GOB) {
    @Override
    RpcArgument argument(byte[] payload, int from, LongConsumer size) {
      throw new IllegalArgumentException(
          from == payload.length
              ? "gob codec is not supported: send JSON, protobuf, raw or msgpack"
              : "goridge_read_request_body: unknown decoder used in frame");
    }

    @Override
    byte[] encode(@Nullable Object result) {
      throw new IllegalArgumentException("gob codec is not supported");
    }
  };

  private static final Codec[] BY_PRECEDENCE = values();

  private final int flag;

  Codec(int flag) {
    this.flag = flag;
  }

  /** The codec of a frame; where several bits are set, the first of these constants. */
  static Codec of(int flags) {
    for (Codec codec : BY_PRECEDENCE) {
      if ((flags & codec.flag) != 0) {
        return codec;
      }
    }
    return GOB;
  }

  private static Object plain(Object value) {
    if (value instanceof Message message) {
      return ProtoTree.of(message);
    }
    throw new IllegalArgumentException("json: unsupported type: " + value.getClass().getName());
  }

  /** Its bit in a frame's flags. */
  int flag() {
    return flag;
  }

  /**
   * The argument that fills {@code payload} from {@code from} on. Its methods decode and throw
   * {@code IllegalArgumentException}.
   *
   * @param size is told how many bytes the decoded argument takes; throws when they are too many
   * @throws IllegalArgumentException when nothing can be decoded with this codec
   */
  abstract RpcArgument argument(byte[] payload, int from, LongConsumer size);

  /** How many bytes a result takes encoded, as far as that is known before; else 0. */
  long size(@Nullable Object result) {
    return 0;
  }

  /**
   * Encodes a result.
   *
   * @throws IllegalArgumentException when this codec cannot say it
   */
  abstract byte[] encode(@Nullable Object result);
}

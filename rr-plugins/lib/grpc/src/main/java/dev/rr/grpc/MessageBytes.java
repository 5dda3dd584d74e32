package dev.rr.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages as they are on the wire, decompressed and not decoded. */
public final class MessageBytes {
  /** Of requests. */
  static final MethodDescriptor.Marshaller<Received> RECEIVED =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(Received message) {
          return new Message(message.bytes());
        }

        @Override
        public Received parse(InputStream stream) {
          try {
            return stream instanceof KnownLength
                ? new Received(read(stream), null)
                : unpacked(stream, CallMemory.current());
          } catch (StatusRuntimeException e) {
            // It was small while it was compressed. Thrown, it would be an error of ours.
            return new Received(NOTHING, e.getStatus());
          } catch (IOException e) {
            return new Received(
                NOTHING, Status.INTERNAL.withDescription("grpc: failed to decompress the message"));
          }
        }
      };

  /** Of answers. */
  static final MethodDescriptor.Marshaller<byte[]> SENT =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
          return new Message(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
          throw new UnsupportedOperationException("a server reads no answers");
        }
      };

  private static final byte[] NOTHING = {};

  /** Bytes of a compressed message that are unpacked at once. */
  private static final int PIECE = 64 * 1024;

  private MessageBytes() {}

  /**
   * A message that came.
   *
   * @param bytes all of it
   * @param fault why there is none
   */
  public record Received(byte[] bytes, @Nullable Status fault) {}

  /**
   * What a compressed message is, a thousand times as long perhaps. Room is taken before each
   * piece, and for all of them once more while they are put together.
   */
  private static Received unpacked(InputStream stream, CallMemory.@Nullable Share memory)
      throws IOException {
    List<byte[]> pieces = new ArrayList<>();
    int length = 0;
    for (byte[] piece = stream.readNBytes(PIECE);
        piece.length > 0;
        piece = stream.readNBytes(PIECE)) {
      if (memory != null && !memory.unpack(2L * piece.length)) {
        return new Received(NOTHING, CallMemory.NO_ROOM);
      }
      pieces.add(piece);
      length += piece.length;
    }
    byte[] all = joined(pieces, length);
    if (memory != null) {
      memory.packed(length);
    }
    return new Received(all, null);
  }

  private static byte[] joined(List<byte[]> pieces, int length) {
    if (pieces.size() == 1) {
      return pieces.getFirst();
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    pieces.forEach(all::put);
    return all.array();
  }

  private static byte[] read(InputStream stream) throws IOException {
    byte[] bytes = new byte[stream.available()];
    int length = stream.readNBytes(bytes, 0, bytes.length);
    if (length < bytes.length) {
      throw new IOException("the message ends too early");
    }
    return bytes;
  }

  /** A message on its way out, which is copied once. */
  private static final class Message extends ByteArrayInputStream
      implements KnownLength, Drainable {
    Message(byte[] bytes) {
      super(bytes);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int length = count - pos;
      target.write(buf, pos, length);
      pos = count;
      return length;
    }
  }
}

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
            return new Received(read(stream), null);
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

  private MessageBytes() {}

  /**
   * A message that came.
   *
   * @param bytes all of it
   * @param fault why there is none
   */
  public record Received(byte[] bytes, @Nullable Status fault) {}

  private static byte[] read(InputStream stream) throws IOException {
    if (!(stream instanceof KnownLength)) {
      return stream.readAllBytes();
    }
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

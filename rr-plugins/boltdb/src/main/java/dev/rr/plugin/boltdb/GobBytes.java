package dev.rr.plugin.boltdb;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Bytes as Go's gob writes them when they are all there is: the length of the rest, the type's
 * number, a zero, and the bytes behind their own length. A number below 128 is one byte; a larger
 * one stands behind the negative count of its bytes, the highest first.
 */
final class GobBytes {
  /** The numbers of {@code []byte} and {@code string}, doubled, as signed numbers are written. */
  private static final int BYTES = 5 << 1;

  private static final int STRING = 6 << 1;

  private GobBytes() {}

  /** The bytes; empty when these are no such gob. */
  static Optional<byte[]> decode(byte[] gob) {
    try {
      ByteBuffer in = ByteBuffer.wrap(gob);
      if (number(in) != in.remaining()) {
        return Optional.empty();
      }
      long type = number(in);
      if (type != BYTES && type != STRING || in.get() != 0 || number(in) != in.remaining()) {
        return Optional.empty();
      }
      byte[] bytes = new byte[in.remaining()];
      in.get(bytes);
      return Optional.of(bytes);
    } catch (BufferUnderflowException | IOException e) {
      return Optional.empty();
    }
  }

  private static long number(ByteBuffer in) throws IOException {
    int first = in.get();
    if (first >= 0) {
      return first;
    }
    if (first < -Long.BYTES) {
      throw new IOException("no number");
    }
    long number = 0;
    for (int i = 0; i < -first; i++) {
      number = number << 8 | in.get() & 0xff;
    }
    return number;
  }
}

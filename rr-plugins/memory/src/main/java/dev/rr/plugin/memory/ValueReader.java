package dev.rr.plugin.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Reads records back, as far as they are whole. One thread. */
final class ValueReader {
  private final Changes changes;
  private long ended = -1;
  private long entries;
  private boolean damaged;

  /** Takes what was journalled, in order. */
  interface Changes {
    /** What follows was changed then, in milliseconds since 1970. */
    void moment(long millis);

    /** Has this value from now on. */
    void set(String key, byte[] value, long expires) throws IOException;

    /** Has another expiry, when it is there. */
    void expire(String key, long expires);

    /** Is not there any more. */
    void delete(String key);

    /** Nothing is there any more. */
    void clear();
  }

  ValueReader(Changes changes) {
    this.changes = changes;
  }

  /**
   * Reads a file to the end of its last whole record, and answers how many bytes that are.
   *
   * @throws IOException when it cannot be read, or its values find no room
   */
  long read(Path file) throws IOException {
    long size = Files.size(file);
    long whole = 0;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      while (size - whole >= ValueBatch.HEADER) {
        int length = in.readInt();
        int sum = in.readInt();
        if (length > size - whole - ValueBatch.HEADER) {
          break;
        }
        byte[] record = in.readNBytes(Math.max(0, length));
        if (length < 0 || sum != sum(record) || !apply(ByteBuffer.wrap(record))) {
          damaged = holdsAnything(in);
          break;
        }
        whole += ValueBatch.HEADER + length;
      }
    }
    return whole;
  }

  private static boolean holdsAnything(InputStream in) throws IOException {
    byte[] part = new byte[1 << 16];
    for (int n = in.read(part); n > 0; n = in.read(part)) {
      for (int i = 0; i < n; i++) {
        if (part[i] != 0) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether something stands behind the first record that is not whole. The end of a process leaves
   * a part of one record at most, and a power cut zeros.
   */
  boolean isDamaged() {
    return damaged;
  }

  private static int sum(byte[] record) {
    CRC32C sum = new CRC32C();
    sum.update(record);
    return (int) sum.getValue();
  }

  /** False for what no version of this has written. */
  private boolean apply(ByteBuffer record) throws IOException {
    if (!record.hasRemaining()) {
      return false;
    }
    try {
      while (record.hasRemaining()) {
        int change = record.get();
        switch (change) {
          case ValueBatch.MOMENT -> changes.moment(record.getLong());
          case ValueBatch.SET -> set(record);
          case ValueBatch.EXPIRE -> expire(record);
          case ValueBatch.DELETE -> changes.delete(text(record));
          case ValueBatch.CLEAR -> changes.clear();
          case ValueBatch.END -> ended = record.getLong();
          default -> {
            return false;
          }
        }
      }
      return true;
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      return false;
    }
  }

  private void set(ByteBuffer record) throws IOException {
    long expires = record.getLong();
    String key = text(record);
    changes.set(key, bytes(record), expires);
    entries++;
  }

  private void expire(ByteBuffer record) {
    long expires = record.getLong();
    changes.expire(text(record), expires);
  }

  private static String text(ByteBuffer record) {
    return new String(bytes(record), UTF_8);
  }

  private static byte[] bytes(ByteBuffer record) {
    int length = record.getInt();
    if (length > record.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    record.get(bytes);
    return bytes;
  }

  /** Whether what was read is a snapshot that was written to its end. */
  boolean isWholeSnapshot() {
    return ended == entries;
  }
}

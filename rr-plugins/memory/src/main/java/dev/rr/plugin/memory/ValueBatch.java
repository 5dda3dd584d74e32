package dev.rr.plugin.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One record of a journal while it is written: the length of what follows, its sum (CRC-32C), and
 * changes that count together or not at all. One thread.
 */
final class ValueBatch {
  static final int HEADER = 8;

  static final int SET = 1;
  static final int EXPIRE = 2;
  static final int DELETE = 3;
  static final int CLEAR = 4;

  /** Ends a snapshot, whose number of entries it tells. */
  static final int END = 5;

  /** Says when the changes behind it were made. */
  static final int MOMENT = 6;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  ValueBatch() {
    write(() -> out.writeLong(0));
  }

  /**
   * A batch of changes that are made now: what expires later is alive for them.
   *
   * @param now milliseconds since 1970
   */
  static ValueBatch at(long now) {
    ValueBatch batch = new ValueBatch();
    batch.moment(now);
    return batch;
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  /** Nothing fails that writes to an array. */
  private static void write(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void moment(long now) {
    write(() -> {
      out.writeByte(MOMENT);
      out.writeLong(now);
    });
  }

  private void text(String key) throws IOException {
    bytes(key.getBytes(UTF_8));
  }

  private void bytes(byte[] value) throws IOException {
    out.writeInt(value.length);
    out.write(value);
  }

  void set(String key, byte[] value, long expires) {
    write(() -> {
      out.writeByte(SET);
      out.writeLong(expires);
      text(key);
      bytes(value);
    });
  }

  void expire(String key, long expires) {
    write(() -> {
      out.writeByte(EXPIRE);
      out.writeLong(expires);
      text(key);
    });
  }

  void delete(String key) {
    write(() -> {
      out.writeByte(DELETE);
      text(key);
    });
  }

  void clear() {
    write(() -> out.writeByte(CLEAR));
  }

  void end(long entries) {
    write(() -> {
      out.writeByte(END);
      out.writeLong(entries);
    });
  }

  /** In bytes, with the header. */
  int size() {
    return bytes.size();
  }

  /** The record. */
  byte[] record() {
    byte[] record = bytes.toByteArray();
    CRC32C sum = new CRC32C();
    sum.update(record, HEADER, record.length - HEADER);
    ByteBuffer.wrap(record).putInt(record.length - HEADER).putInt((int) sum.getValue());
    return record;
  }
}

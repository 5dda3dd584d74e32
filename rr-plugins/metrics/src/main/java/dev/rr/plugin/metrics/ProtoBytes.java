package dev.rr.plugin.metrics;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a protobuf message, field by field. One thread. */
final class ProtoBytes {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ProtoBytes number(int field, long value) {
    varint((long) field << 3 | VARINT);
    return varint(value);
  }

  /** A number of a signed type, which writes those near zero in few bytes. */
  ProtoBytes signed(int field, long value) {
    return number(field, value << 1 ^ value >> 63);
  }

  ProtoBytes decimal(int field, double value) {
    varint((long) field << 3 | FIXED64);
    out.writeBytes(
        ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
    return this;
  }

  ProtoBytes text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoBytes message(int field, ProtoBytes value) {
    return bytes(field, value.out.toByteArray());
  }

  private ProtoBytes bytes(int field, byte[] bytes) {
    varint((long) field << 3 | LENGTH);
    return delimited(bytes);
  }

  /** A message behind its length, as several of them follow each other. */
  ProtoBytes delimited(ProtoBytes message) {
    return delimited(message.out.toByteArray());
  }

  private ProtoBytes delimited(byte[] bytes) {
    varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  private ProtoBytes varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}

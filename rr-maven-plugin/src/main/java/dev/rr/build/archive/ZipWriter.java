package dev.rr.build.archive;

import dev.rr.build.BuildException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes a zip after a preamble, so that every offset counts the preamble. Times and modes are
 * fixed; nothing is compressed here. Layout of the fields: PKWARE's APPNOTE 4.3.
 */
public final class ZipWriter {
  private static final int VERSION_NEEDED = 20;
  private static final int MADE_BY_UNIX = 3 << 8 | VERSION_NEEDED;
  private static final int UTF_8_NAMES = 1 << 11;
  // 1980-01-01 00:00:00, the first moment a zip can tell.
  private static final int TIME = 0;
  private static final int DATE = 1 << 5 | 1;
  private static final int REGULAR_FILE_0644 = 0100644;

  private final ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 24);
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream(1 << 18);
  private final long start;
  private int count;

  private ZipWriter(long start) {
    this.start = start;
  }

  /**
   * The archive for entries in this order.
   *
   * @param start how many bytes will stand before it
   * @throws BuildException when it would need zip64, which the JVM's loaders of prefixed files need
   *     not know
   */
  public static byte[] write(Map<String, Archive.Raw> entries, long start) throws BuildException {
    ZipWriter writer = new ZipWriter(start);
    for (Map.Entry<String, Archive.Raw> entry : entries.entrySet()) {
      writer.add(entry.getKey(), entry.getValue());
    }
    return writer.end();
  }

  private void add(String name, Archive.Raw raw) throws BuildException {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    long offset = start + body.size();
    check(offset);
    body.writeBytes(common(buffer(30).putInt(0x04034b50), nameBytes, raw).array());
    body.writeBytes(nameBytes);
    body.writeBytes(raw.bytes());
    ByteBuffer central = buffer(46).putInt(0x02014b50).putShort((short) MADE_BY_UNIX);
    common(central, nameBytes, raw);
    // No comment, first disk, no internal attributes.
    central.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    central.putInt(REGULAR_FILE_0644 << 16).putInt((int) offset);
    directory.writeBytes(central.array());
    directory.writeBytes(nameBytes);
    count++;
  }

  /** The fields that the local and the central header share, in their order. */
  private static ByteBuffer common(ByteBuffer header, byte[] name, Archive.Raw raw) {
    return header
        .putShort((short) VERSION_NEEDED)
        .putShort((short) UTF_8_NAMES)
        .putShort((short) raw.method())
        .putShort((short) TIME)
        .putShort((short) DATE)
        .putInt((int) raw.crc())
        .putInt(raw.bytes().length)
        .putInt((int) raw.size())
        .putShort((short) name.length)
        .putShort((short) 0);
  }

  private byte[] end() throws BuildException {
    long offset = start + body.size();
    check(offset + directory.size());
    if (count >= 0xffff) {
      throw new BuildException("The file would have " + count + " entries; 65,534 are allowed");
    }
    ByteBuffer end = buffer(22).putInt(0x06054b50).putInt(0);
    end.putShort((short) count).putShort((short) count);
    end.putInt(directory.size()).putInt((int) offset).putShort((short) 0);
    body.writeBytes(directory.toByteArray());
    body.writeBytes(end.array());
    return body.toByteArray();
  }

  private static void check(long offset) throws BuildException {
    if (offset > Integer.MAX_VALUE) {
      throw new BuildException("The file would be larger than 2 GiB");
    }
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}

package dev.rr.embed;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tar that a build wrote: ustar, with pax headers for long names, in sizes below 8 GiB.
 * Layout of the fields: POSIX.1-2017, pax. One thread.
 */
final class TarReader {
  private static final int BLOCK = 512;
  private static final int MAX_PAX = 1 << 16;

  private final DataInputStream in;
  private long left;
  private long padding;

  TarReader(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /** What an entry is. */
  enum Kind {
    FILE,
    FOLDER,
    LINK
  }

  /**
   * An entry.
   *
   * @param name with slashes, without one at the end
   * @param target of a link
   * @param size of a file, in bytes
   */
  record Entry(Kind kind, String name, String target, boolean executable, long size) {}

  /** The next one; null at the end. What was not read of the last one is passed over. */
  @Nullable Entry next() throws IOException {
    in.skipNBytes(left + padding);
    Map<String, String> longer = new HashMap<>();
    byte[] block = block();
    while (block[156] == 'x') {
      pax(number(block, 124, 12), longer);
      block = block();
    }
    if (block[0] == 0) {
      return null;
    }
    left = number(block, 124, 12);
    padding = (BLOCK - left % BLOCK) % BLOCK;
    return entry(block, longer);
  }

  private Entry entry(byte[] block, Map<String, String> longer) throws IOException {
    String name = longer.getOrDefault("path", text(block, 0, 100));
    return new Entry(
        kind((char) block[156]),
        name.endsWith("/") ? name.substring(0, name.length() - 1) : name,
        longer.getOrDefault("linkpath", text(block, 157, 100)),
        (number(block, 100, 8) & 0100) != 0,
        left);
  }

  private static Kind kind(char type) throws IOException {
    return switch (type) {
      case '0' -> Kind.FILE;
      case '2' -> Kind.LINK;
      case '5' -> Kind.FOLDER;
      default -> throw new IOException("an entry of the kind " + type);
    };
  }

  /** Some of the entry's content; -1 at its end. */
  int read(byte[] into) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = in.read(into, 0, (int) Math.min(into.length, left));
    if (count < 0) {
      throw new EOFException();
    }
    left -= count;
    return count;
  }

  private byte[] block() throws IOException {
    byte[] block = new byte[BLOCK];
    in.readFully(block);
    return block;
  }

  private void pax(long size, Map<String, String> into) throws IOException {
    if (size > MAX_PAX) {
      throw new IOException("a header of " + size + " bytes");
    }
    byte[] records = in.readNBytes((int) size);
    in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    int at = 0;
    while (at < records.length) {
      int space = at;
      while (records[space] != ' ') {
        space++;
      }
      int end = at + Integer.parseInt(new String(records, at, space - at, StandardCharsets.UTF_8));
      String pair = new String(records, space + 1, end - space - 2, StandardCharsets.UTF_8);
      int equals = pair.indexOf('=');
      into.put(pair.substring(0, equals), pair.substring(equals + 1));
      at = end;
    }
  }

  private static String text(byte[] block, int at, int length) {
    int end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return new String(block, at, end - at, StandardCharsets.UTF_8);
  }

  private static long number(byte[] block, int at, int length) throws IOException {
    try {
      return Long.parseLong(text(block, at, length).strip(), 8);
    } catch (NumberFormatException e) {
      throw new IOException("a header that is none");
    }
  }
}

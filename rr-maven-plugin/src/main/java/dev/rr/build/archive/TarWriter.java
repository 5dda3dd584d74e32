package dev.rr.build.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Writes a tar whose bytes depend on names and contents alone: everything is root's, of one time.
 * Layout of the fields: POSIX.1-2017, pax; names that are too long for ustar get a pax header.
 */
public final class TarWriter implements Closeable {
  private static final int BLOCK = 512;
  private static final int NAME = 100;

  private final OutputStream out;

  /** To a stream, which {@link #close} closes. */
  public TarWriter(OutputStream out) {
    this.out = out;
  }

  /** A folder. */
  public void folder(String name) throws IOException {
    header(name + "/", 0755, 0, '5', "");
  }

  /** A symbolic link. */
  public void link(String name, String target) throws IOException {
    header(name, 0777, 0, '2', target);
  }

  /** A file of these bytes. */
  public void file(String name, byte[] content) throws IOException {
    header(name, 0644, content.length, '0', "");
    out.write(content);
    pad(content.length);
  }

  /** A file with the content of another. */
  public void file(String name, Path content, boolean executable) throws IOException {
    long size = Files.size(content);
    header(name, executable ? 0755 : 0644, size, '0', "");
    long written = Files.copy(content, out);
    if (written != size) {
      throw new IOException(content + " has changed while it was read");
    }
    pad(size);
  }

  private void header(String name, int mode, long size, char type, String target)
      throws IOException {
    String more = longer("path", name) + longer("linkpath", target);
    if (!more.isEmpty()) {
      byte[] text = more.getBytes(StandardCharsets.UTF_8);
      block("pax", 0644, text.length, 'x', "");
      out.write(text);
      pad(text.length);
    }
    block(name, mode, size, type, target);
  }

  /** A record of a pax header: its own length, counted with its digits, key and value. */
  private static String longer(String key, String value) {
    if (value.getBytes(StandardCharsets.UTF_8).length <= NAME) {
      return "";
    }
    String rest = " " + key + "=" + value + "\n";
    int bytes = rest.getBytes(StandardCharsets.UTF_8).length;
    int length = bytes + Integer.toString(bytes).length();
    if (Integer.toString(length).length() > Integer.toString(bytes).length()) {
      length++;
    }
    return length + rest;
  }

  private void block(String name, int mode, long size, char type, String target)
      throws IOException {
    byte[] block = new byte[BLOCK];
    put(block, 0, NAME, name);
    put(block, 100, 8, octal(mode, 7));
    put(block, 108, 8, octal(0, 7));
    put(block, 116, 8, octal(0, 7));
    put(block, 124, 12, octal(size, 11));
    // One second after the epoch: some take 0 for no time.
    put(block, 136, 12, octal(1, 11));
    put(block, 148, 8, "        ");
    block[156] = (byte) type;
    put(block, 157, NAME, target);
    put(block, 257, 8, "ustar\0" + "00");
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, 8, octal(sum, 6) + "\0 ");
    out.write(block);
  }

  private static String octal(long number, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "o", number);
  }

  private static void put(byte[] block, int at, int length, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, block, at, Math.min(bytes.length, length));
  }

  private void pad(long size) throws IOException {
    int rest = (int) (size % BLOCK);
    if (rest > 0) {
      out.write(new byte[BLOCK - rest]);
    }
  }

  /** Ends the archive, with its two empty blocks, and closes the stream. */
  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }
}

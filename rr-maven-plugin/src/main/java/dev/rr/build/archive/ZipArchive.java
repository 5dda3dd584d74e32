package dev.rr.build.archive;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip whose compressed bytes can be taken as they are: what is copied so does not depend on the
 * compressor of the machine that packs, and costs nothing. Layout of the fields: PKWARE's APPNOTE
 * 4.3.
 */
final class ZipArchive implements Archive {
  private static final int END = 0x06054b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_SIZE = 22;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL_SIZE = 30;
  private static final int MAX_COMMENT = 0xffff;

  private final Path file;
  private final FileChannel channel;
  private final List<Entry> entries;

  ZipArchive(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file);
    try {
      this.entries = readEntries();
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public List<Entry> entries() {
    return entries;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private List<Entry> readEntries() throws IOException {
    ByteBuffer end = readEnd();
    int count = Short.toUnsignedInt(end.getShort(10));
    long size = Integer.toUnsignedLong(end.getInt(12));
    long offset = Integer.toUnsignedLong(end.getInt(16));
    if (count == 0xffff || offset == 0xffffffffL) {
      throw new IOException(file + " is a zip64 archive, which a jar of classes need not be");
    }
    ByteBuffer directory = read(offset, Math.toIntExact(size));
    List<Entry> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ZipEntry entry = readEntry(directory);
      if (!entry.name().endsWith("/")) {
        found.add(entry);
      }
    }
    found.sort(Comparator.comparing(Entry::name));
    return List.copyOf(found);
  }

  private ByteBuffer readEnd() throws IOException {
    int tail = (int) Math.min(channel.size(), END_SIZE + MAX_COMMENT);
    ByteBuffer buffer = read(channel.size() - tail, tail);
    for (int at = tail - END_SIZE; at >= 0; at--) {
      if (buffer.getInt(at) == END) {
        return buffer.slice(at, END_SIZE).order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw new IOException(file + " is not a zip archive");
  }

  private ZipEntry readEntry(ByteBuffer directory) throws IOException {
    int at = directory.position();
    if (directory.remaining() < CENTRAL_SIZE || directory.getInt(at) != CENTRAL) {
      throw new IOException(file + " is damaged: its directory ends early");
    }
    int name = Short.toUnsignedInt(directory.getShort(at + 28));
    int extra = Short.toUnsignedInt(directory.getShort(at + 30));
    int comment = Short.toUnsignedInt(directory.getShort(at + 32));
    byte[] bytes = new byte[name];
    directory.get(at + CENTRAL_SIZE, bytes);
    directory.position(at + CENTRAL_SIZE + name + extra + comment);
    return new ZipEntry(
        new String(bytes, StandardCharsets.UTF_8),
        Short.toUnsignedInt(directory.getShort(at + 10)),
        Integer.toUnsignedLong(directory.getInt(at + 16)),
        Integer.toUnsignedLong(directory.getInt(at + 20)),
        Integer.toUnsignedLong(directory.getInt(at + 24)),
        Integer.toUnsignedLong(directory.getInt(at + 42)));
  }

  private ByteBuffer read(long from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new EOFException(file + " ends early");
      }
    }
    return buffer.flip();
  }

  private final class ZipEntry implements Entry {
    private final String name;
    private final int method;
    private final long crc;
    private final long packed;
    private final long size;
    private final long offset;

    ZipEntry(String name, int method, long crc, long packed, long size, long offset) {
      this.name = name;
      this.method = method;
      this.crc = crc;
      this.packed = packed;
      this.size = size;
      this.offset = offset;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Raw raw() throws IOException {
      ByteBuffer local = read(offset, LOCAL_SIZE);
      if (local.getInt(0) != LOCAL || method != 0 && method != 8) {
        throw new IOException(file + " is damaged at " + name);
      }
      int skip = Short.toUnsignedInt(local.getShort(26)) + Short.toUnsignedInt(local.getShort(28));
      byte[] bytes = read(offset + LOCAL_SIZE + skip, Math.toIntExact(packed)).array();
      return new Raw(method, crc, size, bytes);
    }

    @Override
    public byte[] content() throws IOException {
      Raw raw = raw();
      return raw.method() == 0 ? raw.bytes() : inflate(raw);
    }

    private byte[] inflate(Raw raw) throws IOException {
      Inflater inflater = new Inflater(true);
      try {
        inflater.setInput(raw.bytes());
        byte[] content = new byte[Math.toIntExact(raw.size())];
        int at = 0;
        while (at < content.length) {
          int read = inflater.inflate(content, at, content.length - at);
          if (read == 0) {
            throw new IOException(file + " is damaged at " + name);
          }
          at += read;
        }
        return content;
      } catch (DataFormatException e) {
        throw new IOException(file + " is damaged at " + name, e);
      } finally {
        inflater.end();
      }
    }
  }
}

package dev.rr.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes upstream's entity tags: a CRC-32 with a polynomial that each of its plugins chose for
 * itself, over a file's content or over a name. Tags of contents are remembered until the file
 * changes. Any thread.
 */
public final class EntityTags {
  private static final int REMEMBERED = 4_096;

  private record Version(Path file, long size, Instant modified) {}

  private final int[] table;
  private final Map<Version, String> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Version, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * Tags of one plugin.
   *
   * @param polynomial the reflected one of its CRC-32
   */
  public EntityTags(int polynomial) {
    this.table = table(polynomial);
  }

  private static int[] table(int polynomial) {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ polynomial;
      }
      table[i] = crc;
    }
    return table;
  }

  /** The tag of a name, in its quotes. */
  public String ofName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return "\"" + unsigned(update(-1, bytes, bytes.length)) + "\"";
  }

  /**
   * The tag of a file's content in its quotes, empty for an empty file; read whole the first time.
   * Blocks.
   *
   * @param size its length in bytes
   * @param modified when it was last changed
   */
  public String ofContent(Path file, long size, Instant modified) throws IOException {
    Version version = new Version(file, size, modified);
    synchronized (known) {
      String tag = known.get(version);
      if (tag != null) {
        return tag;
      }
    }
    String tag = read(file);
    synchronized (known) {
      known.put(version, tag);
    }
    return tag;
  }

  private String read(Path file) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    int crc = -1;
    long length = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc = update(crc, buffer, n);
        length += n;
      }
    }
    return length == 0 ? "" : "\"" + length + "-" + unsigned(crc) + "\"";
  }

  private int update(int crc, byte[] bytes, int length) {
    int next = crc;
    for (int i = 0; i < length; i++) {
      next = table[(next ^ bytes[i]) & 0xff] ^ next >>> 8;
    }
    return next;
  }

  private static String unsigned(int crc) {
    return Integer.toUnsignedString(~crc);
  }
}

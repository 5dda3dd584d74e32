package dev.rr.plugin.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Shares keys out among servers as upstream's client does, so that both find each other's keys: the
 * CRC-32 of the key, modulo the number of servers. Immutable.
 *
 * @param servers in the order of the configuration; one that stands twice has twice the keys
 */
record ServerList(List<MemcachedServer> servers) {
  private static final int LONGEST_KEY = 250;

  /**
   * The server of a key.
   *
   * @throws IOException in upstream's words, when memcached takes no such key
   */
  MemcachedServer of(String key) throws IOException {
    byte[] bytes = key.getBytes(UTF_8);
    check(bytes);
    if (servers.size() == 1) {
      return servers.getFirst();
    }
    CRC32 sum = new CRC32();
    sum.update(bytes);
    return servers.get((int) (sum.getValue() % servers.size()));
  }

  private static void check(byte[] key) throws IOException {
    boolean bad = key.length == 0 || key.length > LONGEST_KEY;
    for (byte b : key) {
      bad |= (b >= 0 && b <= ' ') || b == 0x7f;
    }
    if (bad) {
      throw new IOException("malformed: key is too long or contains invalid characters");
    }
  }

  /** Each server once. */
  Set<MemcachedServer> distinct() {
    return new LinkedHashSet<>(servers);
  }
}

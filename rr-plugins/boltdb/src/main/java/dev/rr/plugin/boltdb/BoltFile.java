package dev.rr.plugin.boltdb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * A file of bbolt, read only: pages of a B+ tree whose leaves hold keys and values, or buckets,
 * which are trees of their own. A small bucket's only page stands in the leaf itself. Nobody may
 * write the file meanwhile. One thread.
 */
final class BoltFile implements Closeable {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int MAGIC = 0xED0CDAED;
  private static final int VERSION = 2;

  // A page begins with its number (8 bytes), its kind (2), how many elements it has (2), and how
  // many pages it goes on for (4). Elements point to their keys, counted from themselves.
  private static final int PAGE_HEAD = 16;
  private static final int ELEMENT = 16;
  private static final int BRANCH = 1;
  private static final int LEAF = 2;

  /** An element that is a bucket: its value is the number of its page, a counter, and maybe it. */
  private static final int IS_BUCKET = 1;

  private static final int BUCKET_HEAD = 16;

  // What says where everything begins stands in one of the first two pages, behind their heads.
  private static final int META_CHECKSUM = 56;
  private static final int LEAST_PAGE = 1024;
  private static final int MOST_PAGE = 1 << 25;

  private final Path path;
  private final Arena arena;
  private final MemorySegment bytes;
  private final long pageSize;
  private final long root;

  /** The pages that a walk has come to. */
  private final Set<Long> met = new HashSet<>();

  /** Takes what a bucket holds, in the order of its keys. */
  interface Entries {
    /** A key and its value. */
    void value(byte[] key, byte[] value) throws IOException;

    /** A bucket in the bucket. */
    void bucket(byte[] name) throws IOException;
  }

  /** An element of a leaf. */
  @FunctionalInterface
  private interface Elements {
    void take(int flags, long key, int keyLength, long value, int valueLength) throws IOException;
  }

  private BoltFile(Path path, Arena arena, MemorySegment bytes) throws IOException {
    this.path = path;
    this.arena = arena;
    this.bytes = bytes;
    long meta = meta();
    this.pageSize = bytes.get(INT, meta + 8);
    this.root = bytes.get(LONG, meta + 16);
  }

  /** Whether a file looks like one of bbolt. */
  static boolean isOne(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] head = in.readNBytes(PAGE_HEAD + 4);
      return head.length == PAGE_HEAD + 4
          && MemorySegment.ofArray(head).get(INT, PAGE_HEAD) == MAGIC;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Opens a file.
   *
   * @throws IOException when it is none of bbolt
   */
  @SuppressWarnings("MustBeClosedChecker") // close() does.
  static BoltFile open(Path path) throws IOException {
    Arena arena = Arena.ofConfined();
    try (FileChannel channel = FileChannel.open(path)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new BoltFile(path, arena, bytes);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Where the newer of the two whole metas stands. */
  private long meta() throws IOException {
    long best = -1;
    // The first says how large pages are; without it the second is looked for.
    for (long at = 0; at <= MOST_PAGE; at = at == 0 ? LEAST_PAGE : 2 * at) {
      long meta = at + PAGE_HEAD;
      if (isMeta(meta) && (best < 0 || newer(meta, best))) {
        best = meta;
      }
    }
    if (best < 0) {
      throw new IOException(path + " is no file of bbolt, or was not written whole");
    }
    return best;
  }

  private boolean newer(long meta, long than) {
    return bytes.get(LONG, meta + 48) > bytes.get(LONG, than + 48);
  }

  private boolean isMeta(long at) {
    if (at + META_CHECKSUM + Long.BYTES > bytes.byteSize()
        || bytes.get(INT, at) != MAGIC
        || bytes.get(INT, at + 4) != VERSION) {
      return false;
    }
    // FNV-1a.
    long sum = 0xcbf29ce484222325L;
    for (int i = 0; i < META_CHECKSUM; i++) {
      sum = (sum ^ bytes.get(ValueLayout.JAVA_BYTE, at + i) & 0xff) * 0x100000001b3L;
    }
    return sum == bytes.get(LONG, at + META_CHECKSUM);
  }

  /**
   * What a bucket holds.
   *
   * @return whether there is one of that name
   */
  boolean bucket(byte[] name, Entries entries) throws IOException {
    boolean[] found = new boolean[1];
    whole(() ->
        walk(
            page(root),
            (flags, key, keyLength, value, length) -> {
              if ((flags & IS_BUCKET) != 0 && Arrays.equals(bytes(key, keyLength), name)) {
                found[0] = true;
                walk(bucketPage(value), (f, k, kl, v, vl) -> hand(entries, f, k, kl, v, vl));
              }
            }));
    return found[0];
  }

  private void hand(Entries to, int flags, long key, int keyLength, long value, int length)
      throws IOException {
    if ((flags & IS_BUCKET) != 0) {
      to.bucket(bytes(key, keyLength));
    } else {
      to.value(bytes(key, keyLength), bytes(value, length));
    }
  }

  @FunctionalInterface
  private interface Walk {
    void run() throws IOException;
  }

  /** Numbers that point outside of the file are damage. */
  private void whole(Walk walk) throws IOException {
    met.clear();
    try {
      walk.run();
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IOException(path + " is damaged: " + e.getMessage(), e);
    }
  }

  private long bucketPage(long value) throws IOException {
    long page = bytes.get(LONG, value);
    return page == 0 ? value + BUCKET_HEAD : page(page);
  }

  /** Where a page stands, which knows its number. */
  private long page(long number) throws IOException {
    long at = Math.multiplyExact(number, pageSize);
    // A page that is met twice would be walked for ever.
    if (bytes.get(LONG, at) != number || !met.add(number)) {
      throw new IOException(path + " is damaged: page " + number + " is another's");
    }
    return at;
  }

  private void walk(long page, Elements elements) throws IOException {
    int kind = bytes.get(SHORT, page + 8) & 0xffff;
    int count = bytes.get(SHORT, page + 10) & 0xffff;
    if (kind != BRANCH && kind != LEAF) {
      throw new IOException(
          path + " is damaged: the page at byte " + page + " is no part of a tree");
    }
    for (int i = 0; i < count; i++) {
      long at = page + PAGE_HEAD + (long) i * ELEMENT;
      if (kind == BRANCH) {
        walk(page(bytes.get(LONG, at + 8)), elements);
      } else {
        long key = at + bytes.get(INT, at + 4);
        int keyLength = bytes.get(INT, at + 8);
        elements.take(bytes.get(INT, at), key, keyLength, key + keyLength, bytes.get(INT, at + 12));
      }
    }
  }

  private byte[] bytes(long at, int length) {
    return bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    arena.close();
  }
}

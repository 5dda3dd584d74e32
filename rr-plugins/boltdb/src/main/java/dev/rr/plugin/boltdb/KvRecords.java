package dev.rr.plugin.boltdb;

import dev.rr.api.kv.KvItem;
import dev.rr.api.plugin.OsText;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Changes of a storage as records of its journal: a byte that says which, then what it is about.
 * Keys and values stand behind their lengths in four bytes; moments are milliseconds since 1970.
 */
final class KvRecords {
  static final byte SET = 1;
  static final byte DELETE = 2;
  static final byte EXPIRE = 3;
  static final byte CLEAR = 4;

  /** The moment of what never expires. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int LENGTH = 4;
  private static final int MOMENT = 8;

  private KvRecords() {}

  /** Items: each its expiry, its key and its value. */
  static byte[] set(List<KvItem> items) {
    List<byte[]> keys = new ArrayList<>(items.size());
    int size = 1;
    for (KvItem item : items) {
      byte[] key = OsText.bytes(item.key());
      keys.add(key);
      size = Math.addExact(size, MOMENT + LENGTH + key.length + LENGTH + item.value().length);
    }
    ByteBuffer record = ByteBuffer.allocate(size).put(SET);
    for (int i = 0; i < keys.size(); i++) {
      KvItem item = items.get(i);
      record.putLong(item.expires().map(KvRecords::millis).orElse(NEVER));
      put(record, keys.get(i));
      put(record, item.value());
    }
    return record.array();
  }

  /** One item. */
  static byte[] set(String key, byte[] value, long expires) {
    byte[] bytes = OsText.bytes(key);
    ByteBuffer record =
        ByteBuffer.allocate(1 + MOMENT + LENGTH + bytes.length + LENGTH + value.length);
    record.put(SET).putLong(expires);
    put(record, bytes);
    put(record, value);
    return record.array();
  }

  /** Keys. */
  static byte[] delete(Collection<String> keys) {
    List<byte[]> all = keys.stream().map(OsText::bytes).toList();
    int size = all.stream().mapToInt(key -> LENGTH + key.length).reduce(1, Math::addExact);
    ByteBuffer record = ByteBuffer.allocate(size).put(DELETE);
    all.forEach(key -> put(record, key));
    return record.array();
  }

  /** Now, which decides what has expired before; then keys, each behind its expiry. */
  static byte[] expire(List<KvItem> items, long now) {
    List<byte[]> keys = items.stream().map(item -> OsText.bytes(item.key())).toList();
    int size =
        keys.stream()
            .mapToInt(key -> MOMENT + LENGTH + key.length)
            .reduce(1 + MOMENT, Math::addExact);
    ByteBuffer record = ByteBuffer.allocate(size).put(EXPIRE).putLong(now);
    for (int i = 0; i < keys.size(); i++) {
      record.putLong(items.get(i).expires().map(KvRecords::millis).orElse(NEVER));
      put(record, keys.get(i));
    }
    return record.array();
  }

  /** Nothing. */
  static byte[] clear() {
    return new byte[] {CLEAR};
  }

  /** How many bytes an item takes in a file, about. */
  static long size(String key, int value) {
    // In the file a letter may take three bytes.
    return 1L + MOMENT + LENGTH + OsText.bytes(key).length + LENGTH + value + LENGTH;
  }

  /** The key that stands next. */
  static String key(ByteBuffer record) {
    byte[] key = new byte[record.getInt()];
    record.get(key);
    return OsText.of(key);
  }

  private static void put(ByteBuffer record, byte[] bytes) {
    record.putInt(bytes.length).put(bytes);
  }

  /** The moment; the last of all for one that is too late to be written. */
  private static long millis(Instant moment) {
    try {
      return Math.min(moment.toEpochMilli(), NEVER - 1);
    } catch (ArithmeticException e) {
      return moment.getEpochSecond() < 0 ? Long.MIN_VALUE : NEVER - 1;
    }
  }
}

package dev.rr.plugin.boltdb;

import dev.rr.journal.JournalReader;
import dev.rr.journal.JournalState;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a storage stand in its file. The journal's thread changes it, any thread
 * looks a key up. What has expired is not found, whether or not it was forgotten.
 */
final class KvIndex implements JournalState {
  /** What a key takes in memory beside its characters, measured. */
  private static final long KEY_BYTES = 160;

  private final Map<String, Slot> slots = new ConcurrentHashMap<>();
  private final InstantSource clock;

  /** Bytes that a snapshot would take. */
  private long live;

  /** Characters of all keys. */
  private volatile long characters;

  /**
   * A value in the file.
   *
   * @param expires milliseconds since 1970; {@link KvRecords#NEVER}
   */
  record Slot(long at, int length, long expires) {
    boolean isExpired(long now) {
      return expires <= now && expires != KvRecords.NEVER;
    }
  }

  KvIndex(InstantSource clock) {
    this.clock = clock;
  }

  /** Where the value of a key stands; null when it does not exist. */
  @Nullable Slot find(String key) {
    Slot slot = slots.get(key);
    return slot == null || slot.isExpired(clock.millis()) ? null : slot;
  }

  /** How many bytes the index takes in memory, about. */
  long memory() {
    return slots.size() * KEY_BYTES + characters;
  }

  @Override
  public void apply(ByteBuffer record, long at) {
    switch (record.get()) {
      case KvRecords.SET -> set(record, at);
      case KvRecords.DELETE -> {
        while (record.hasRemaining()) {
          forget(KvRecords.key(record));
        }
      }
      case KvRecords.EXPIRE -> expire(record);
      case KvRecords.CLEAR -> clear();
      default ->
          throw new IllegalStateException("the file was written by a newer version of this driver");
    }
  }

  private void set(ByteBuffer record, long at) {
    while (record.hasRemaining()) {
      long expires = record.getLong();
      String key = KvRecords.key(record);
      int length = record.getInt();
      put(key, new Slot(at + record.position(), length, expires));
      record.position(record.position() + length);
    }
  }

  private void put(String key, Slot slot) {
    Slot old = slots.put(key, slot);
    live += KvRecords.size(key, slot.length());
    if (old == null) {
      characters += key.length();
    } else {
      live -= KvRecords.size(key, old.length());
    }
  }

  private void forget(String key) {
    Slot old = slots.remove(key);
    if (old != null) {
      characters -= key.length();
      live -= KvRecords.size(key, old.length());
    }
  }

  private void expire(ByteBuffer record) {
    long then = record.getLong();
    while (record.hasRemaining()) {
      long expires = record.getLong();
      slots.computeIfPresent(
          KvRecords.key(record),
          (key, slot) -> slot.isExpired(then) ? slot : new Slot(slot.at(), slot.length(), expires));
    }
  }

  private void clear() {
    slots.clear();
    characters = 0;
    live = 0;
  }

  @Override
  public Iterator<byte[]> snapshot(JournalReader values) {
    return slots.entrySet().stream()
        .filter(entry -> !entry.getValue().isExpired(clock.millis()))
        .map(entry -> {
          Slot slot = entry.getValue();
          return KvRecords.set(
              entry.getKey(), values.read(slot.at(), slot.length()), slot.expires());
        })
        .iterator();
  }

  @Override
  public long liveBytes() {
    return live;
  }

  @Override
  public void dropExpired() {
    long now = clock.millis();
    slots.forEach((key, slot) -> {
      if (slot.isExpired(now)) {
        forget(key);
      }
    });
  }
}

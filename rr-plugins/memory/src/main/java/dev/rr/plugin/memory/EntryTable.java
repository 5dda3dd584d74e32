package dev.rr.plugin.memory;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Entries by key, within bounds. {@link #find} and {@link #all} are for any thread and wait for
 * nobody; everything else is for one thread at a time. What has expired is not found, however long
 * it still holds its memory.
 */
final class EntryTable {
  /** In milliseconds. */
  private static final long SWEEP_PAUSE = 1_000;

  private final Bounds bounds;
  private final Room room;
  private final LongSupplier clock;
  private final SieveQueue queue = new SieveQueue();

  /** Another one once it was cleared: that takes no longer for a million entries. */
  private volatile ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong evictions = new AtomicLong();

  /** When whoever found no room last looked through all entries, in milliseconds since 1970. */
  private long swept = Long.MIN_VALUE;

  /**
   * What a table may hold.
   *
   * @param entries how many
   * @param bytes of the heap
   */
  record Bounds(long entries, long bytes) {
    static final Bounds NONE = new Bounds(Long.MAX_VALUE, Long.MAX_VALUE);

    /** Whether older entries make room for newer ones. */
    boolean evict() {
      return !equals(NONE);
    }
  }

  /**
   * An empty table.
   *
   * @param room what its entries take their bytes of
   * @param clock milliseconds since 1970
   */
  EntryTable(Bounds bounds, Room room, LongSupplier clock) {
    this.bounds = bounds;
    this.room = room;
    this.clock = clock;
  }

  /** The entry that is alive now. */
  @Nullable Entry find(String key) {
    Entry entry = entries.get(key);
    if (entry == null || entry.isExpired(clock.getAsLong())) {
      return null;
    }
    if (!entry.visited) {
      entry.visited = true;
    }
    return entry;
  }

  /**
   * Every entry, some of which may have expired; those that come or go meanwhile may be missing.
   */
  Collection<Entry> all() {
    return entries.values();
  }

  /** Whether an entry of this weight could ever be kept. */
  boolean fits(long weight) {
    return weight <= bounds.bytes();
  }

  /** Milliseconds since 1970. */
  long now() {
    return clock.getAsLong();
  }

  /** Takes room for what will be {@link #put}, evicting or forgetting expired entries for it. */
  boolean reserve(long weight, long now) {
    while (!room.take(weight)) {
      boolean more = bounds.evict() ? canMakeRoom(weight) && evict(now) : sweep(now);
      if (!more) {
        return false;
      }
    }
    return true;
  }

  /** Whether there would be room if nothing else were here; others may have the rest of it. */
  private boolean canMakeRoom(long weight) {
    return weight <= room.size() - room.taken() + bytes.get();
  }

  /** Gives back what was {@linkplain #reserve reserved} and not used. */
  void release(long weight) {
    room.give(weight);
  }

  /** Puts an entry for whose weight room was reserved; one that has expired deletes its key. */
  void put(Entry added, long now) {
    if (added.isExpired(now)) {
      room.give(added.weight());
      remove(added.key);
      return;
    }
    makePlaceFor(added, now);
    Entry before = entries.put(added.key, added);
    if (before != null) {
      forget(before);
    }
    queue.add(added);
    bytes.addAndGet(added.weight());
  }

  private void makePlaceFor(Entry added, long now) {
    while (!hasPlaceFor(added) && evict(now)) {
      // The one that is replaced may be among those that go.
    }
  }

  private boolean hasPlaceFor(Entry added) {
    Entry before = entries.get(added.key);
    long more = added.weight() - (before == null ? 0 : before.weight());
    return queue.size() + (before == null ? 1 : 0) <= bounds.entries()
        && bytes.get() <= bounds.bytes() - more;
  }

  /** Gives an entry that is alive another expiry. */
  void expire(String key, long expires, long now) {
    Entry entry = entries.get(key);
    if (entry != null && !entry.isExpired(now)) {
      entry.expires = expires;
      if (entry.isExpired(now)) {
        remove(key);
      }
    }
  }

  void remove(String key) {
    Entry entry = entries.remove(key);
    if (entry != null) {
      forget(entry);
    }
  }

  private void forget(Entry entry) {
    queue.remove(entry);
    bytes.addAndGet(-entry.weight());
    room.give(entry.weight());
  }

  private boolean evict(long now) {
    Entry victim = queue.victim(now);
    if (victim == null) {
      return false;
    }
    remove(victim.key);
    evictions.incrementAndGet();
    return true;
  }

  /** Forgets what has expired, at most once a second: others wait for who looks for it. */
  private boolean sweep(long now) {
    if (swept <= now && now < swept + SWEEP_PAUSE) {
      return false;
    }
    swept = now;
    return forgetExpired(now);
  }

  /** Forgets what has expired; whether there was any. Looks at every entry. */
  boolean forgetExpired(long now) {
    List<Entry> expired = expired(now);
    expired.forEach(entry -> remove(entry.key));
    return !expired.isEmpty();
  }

  /** What has expired and still holds its memory. On any thread. */
  List<Entry> expired() {
    return expired(clock.getAsLong());
  }

  private List<Entry> expired(long now) {
    return entries.values().stream().filter(entry -> entry.isExpired(now)).toList();
  }

  /** Forgets an entry unless its key has another one meanwhile, or a later end. */
  void removeExpired(Entry entry) {
    if (entry.isExpired(clock.getAsLong()) && entries.get(entry.key) == entry) {
      remove(entry.key);
    }
  }

  void clear() {
    entries = new ConcurrentHashMap<>();
    queue.clear();
    room.give(bytes.getAndSet(0));
  }

  /** How many there are, with those that have expired. */
  int size() {
    return entries.size();
  }

  /** What they take, about. */
  long bytes() {
    return bytes.get();
  }

  /** How many had to go for newer ones so far. */
  long evictions() {
    return evictions.get();
  }
}

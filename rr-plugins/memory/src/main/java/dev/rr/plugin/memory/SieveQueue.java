package dev.rr.plugin.memory;

import org.jspecify.annotations.Nullable;

/**
 * Entries by age, and which of them has to go: SIEVE. A hand walks from the oldest to the newest
 * and round again; an entry that was read since it last came by is spared once, the first that was
 * not, or that has expired, goes. So reading an entry costs the writing of one flag, and a scan
 * through keys that are read once does not drive out those that are read often. One thread at a
 * time.
 */
final class SieveQueue {
  private @Nullable Entry oldest;
  private @Nullable Entry newest;
  private @Nullable Entry hand;
  private int size;

  int size() {
    return size;
  }

  void add(Entry entry) {
    entry.older = newest;
    if (newest == null) {
      oldest = entry;
    } else {
      newest.newer = entry;
    }
    newest = entry;
    size++;
  }

  void remove(Entry entry) {
    Entry older = entry.older;
    Entry newer = entry.newer;
    if (hand == entry) {
      hand = newer;
    }
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    entry.older = null;
    entry.newer = null;
    size--;
  }

  /** The entry that has to go, which stays until it is removed; null when there is none. */
  @Nullable Entry victim(long now) {
    Entry at = hand == null ? oldest : hand;
    while (at != null && at.visited && !at.isExpired(now)) {
      at.visited = false;
      at = at.newer == null ? oldest : at.newer;
    }
    hand = at;
    return at;
  }

  void clear() {
    oldest = null;
    newest = null;
    hand = null;
    size = 0;
  }
}

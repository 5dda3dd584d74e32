package dev.rr.plugin.memory;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvRequests;
import dev.rr.api.kv.KvStore;
import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A storage in memory. Reads wait for nobody; whoever changes something holds the monitor, so that
 * what the journal has is what the table has. A request is journalled whole, in one record, before
 * any of it is seen.
 */
final class MemoryStore implements KvStore {
  private final EntryTable table;
  private final Room room;
  private final @Nullable ValueFiles journal;
  private boolean closed;

  /** A storage over what the table holds already; without a journal when there is no file. */
  MemoryStore(EntryTable table, Room room, @Nullable ValueFiles journal) {
    this.table = table;
    this.room = room;
    this.journal = journal;
  }

  @Override
  public boolean quick() {
    return journal == null;
  }

  @Override
  public Set<String> has(Collection<String> keys) throws OperationException {
    Set<String> found = HashSet.newHashSet(keys.size());
    for (String key : KvRequests.keys("in_memory_plugin_has", keys)) {
      if (table.find(key) != null) {
        found.add(key);
      }
    }
    return found;
  }

  @Override
  public Map<String, byte[]> get(Collection<String> keys) throws OperationException {
    Map<String, byte[]> found = HashMap.newHashMap(keys.size());
    for (String key : KvRequests.keys("in_memory_plugin_mget", keys)) {
      Entry entry = table.find(key);
      if (entry != null) {
        found.put(key, entry.value);
      }
    }
    return found;
  }

  @Override
  public Map<String, Optional<Instant>> ttl(Collection<String> keys) throws OperationException {
    Map<String, Optional<Instant>> found = HashMap.newHashMap(keys.size());
    for (String key : KvRequests.keys("in_memory_plugin_ttl", keys)) {
      Entry entry = table.find(key);
      if (entry != null) {
        long expires = entry.expires;
        found.put(
            key,
            expires == Entry.NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expires)));
      }
    }
    return found;
  }

  @Override
  public void set(List<KvItem> items) throws OperationException {
    String operation = "in_memory_plugin_set";
    long weight = weight(operation, items);
    synchronized (this) {
      long now = table.now();
      if (!table.reserve(weight, now)) {
        throw OperationException.of(operation, noRoom(weight));
      }
      try {
        journal(
            operation,
            now,
            batch -> items.forEach(item -> batch.set(item.key(), item.value(), millis(item))));
      } catch (OperationException e) {
        table.release(weight);
        throw e;
      }
      for (KvItem item : items) {
        table.put(new Entry(item.key(), item.value(), millis(item)), now);
      }
    }
  }

  private long weight(String operation, List<KvItem> items) throws OperationException {
    long sum = 0;
    for (KvItem item : items) {
      long weight = Entry.weight(item.key(), item.value());
      if (!table.fits(weight)) {
        throw OperationException.of(
            operation, "an item of " + weight + " bytes is larger than the storage's max_size");
      }
      sum += weight;
    }
    return sum;
  }

  private String noRoom(long weight) {
    return "no room for "
        + weight
        + " bytes: values in memory take "
        + room.taken()
        + " of the "
        + room.size()
        + " that they may take together, a third of the heap; give the storage a max_size, for"
        + " which older values go, or the server a larger heap (-Xmx in RR_JAVA_OPTS)";
  }

  private static long millis(KvItem item) {
    return item.expires().isPresent() ? item.expires().get().toEpochMilli() : Entry.NEVER;
  }

  @Override
  public void expire(List<KvItem> items) throws OperationException {
    String operation = "in_memory_plugin_mexpire";
    for (KvItem item : items) {
      if (item.key().isBlank() || item.expires().isEmpty()) {
        throw OperationException.of(operation, "timeout for MExpire is empty or key is empty");
      }
    }
    synchronized (this) {
      long now = table.now();
      journal(
          operation, now, batch -> items.forEach(item -> batch.expire(item.key(), millis(item))));
      items.forEach(item -> table.expire(item.key(), millis(item), now));
    }
  }

  @Override
  public void delete(Collection<String> keys) throws OperationException {
    String operation = "in_memory_plugin_delete";
    KvRequests.keys(operation, keys);
    synchronized (this) {
      journal(operation, table.now(), batch -> keys.forEach(batch::delete));
      keys.forEach(table::remove);
    }
  }

  @Override
  public synchronized void clear() throws OperationException {
    ValueBatch batch = ValueBatch.at(table.now());
    batch.clear();
    journal("in_memory_plugin_clear", files -> files.clear(batch));
    table.clear();
  }

  /** Writes a request down, which fails the request when it cannot be. */
  private void journal(String operation, long now, Consumer<ValueBatch> request)
      throws OperationException {
    if (journal == null) {
      return;
    }
    ValueBatch batch = ValueBatch.at(now);
    request.accept(batch);
    journal(operation, files -> files.append(batch));
  }

  /** What is done with the files. */
  @FunctionalInterface
  private interface Writing {
    void to(ValueFiles files) throws IOException;
  }

  private void journal(String operation, Writing writing) throws OperationException {
    if (journal == null) {
      return;
    }
    try {
      writing.to(journal);
    } catch (IOException e) {
      throw OperationException.within(operation, e);
    }
  }

  /** Gives back the memory of what has expired. On any thread; holds nobody up for long. */
  void sweep() {
    for (Entry entry : table.expired()) {
      synchronized (this) {
        table.removeExpired(entry);
      }
    }
  }

  /** Writes what was journalled to the disk, as far as it is not there. On any thread. */
  void sync() {
    if (journal != null) {
      journal.sync();
    }
  }

  void collect(MetricsSink sink, String storage) {
    sink.gauge(
        "rr_memory_kv_entries",
        "Keys in memory, with those that have expired and are not swept yet.",
        table.size(),
        "storage",
        storage);
    sink.gauge(
        "rr_memory_kv_bytes",
        "About what they take of the heap.",
        table.bytes(),
        "storage",
        storage);
    sink.counter(
        "rr_memory_kv_evictions_total",
        "Keys that had to go for newer ones.",
        table.evictions(),
        "storage",
        storage);
  }

  @Override
  public void close(Deadline deadline) throws IOException, InterruptedException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    // Not in the monitor, which a sweep may wait for while a snapshot waits for the sweep.
    if (journal != null) {
      journal.close(deadline);
    }
    synchronized (this) {
      table.clear();
    }
  }
}

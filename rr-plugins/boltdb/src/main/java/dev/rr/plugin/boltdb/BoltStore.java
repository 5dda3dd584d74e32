package dev.rr.plugin.boltdb;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvRequests;
import dev.rr.api.kv.KvStore;
import dev.rr.api.kv.ValueMemory;
import dev.rr.api.plugin.Deadline;
import dev.rr.journal.Journal;
import dev.rr.plugin.boltdb.KvIndex.Slot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** A storage in one file. What a method has done is on the disk, all of it or nothing. */
final class BoltStore implements KvStore {
  /** The longest key, as upstream has it. */
  private static final int LONGEST_KEY = 32_768;

  /** A disk that takes longer is as good as gone. */
  private static final Duration WRITING = Duration.ofSeconds(30);

  private final Journal<KvIndex> journal;
  private final InstantSource clock;
  private final IndexMemory memory;
  private final LongSupplier used = this::used;

  /**
   * A storage in an open file.
   *
   * @param memory what its keys may take, with others
   */
  BoltStore(Journal<KvIndex> journal, InstantSource clock, IndexMemory memory) {
    this.journal = journal;
    this.clock = clock;
    this.memory = memory;
    memory.add(used);
  }

  private long used() {
    return journal.read((index, values) -> index.memory());
  }

  @Override
  public Set<String> has(Collection<String> keys) throws OperationException {
    var unused = KvRequests.keys("boltdb_driver_has", keys);
    return journal.read((index, values) -> {
      Set<String> found = new HashSet<>();
      for (String key : keys) {
        if (index.find(key) != null) {
          found.add(key);
        }
      }
      return found;
    });
  }

  @Override
  public Map<String, byte[]> get(Collection<String> keys) throws OperationException {
    return get(keys, ValueMemory.UNBOUNDED);
  }

  @Override
  public Map<String, byte[]> get(Collection<String> keys, ValueMemory memory)
      throws OperationException {
    String operation = "boltdb_driver_mget";
    Set<String> distinct = new LinkedHashSet<>(KvRequests.keys(operation, keys));
    try {
      memory.take(memory(distinct));
    } catch (OperationException e) {
      throw OperationException.within(operation, e);
    }
    return journal.read((index, values) -> {
      Map<String, byte[]> found = HashMap.newHashMap(distinct.size());
      for (String key : distinct) {
        Slot slot = index.find(key);
        if (slot != null) {
          found.put(key, values.read(slot.at(), slot.length()));
        }
      }
      return found;
    });
  }

  /** What the values of these keys take in memory, without reading them. */
  private long memory(Set<String> keys) {
    return journal.read((index, values) -> {
      long sum = 0;
      for (String key : keys) {
        Slot slot = index.find(key);
        sum += slot == null ? 0 : ValueMemory.ENTRY + slot.length();
      }
      return sum;
    });
  }

  @Override
  public void set(List<KvItem> items) throws OperationException, InterruptedException {
    String operation = "boltdb_driver_set";
    for (KvItem item : items) {
      refuseKey(operation, item.key());
    }
    if (memory.isFull(0)) {
      throw OperationException.of(operation, memory.refusal());
    }
    append(operation, KvRecords.set(items));
  }

  private static void refuseKey(String operation, String key) throws OperationException {
    if (key.isEmpty()) {
      throw OperationException.of(operation, "key required");
    }
    if (key.length() > LONGEST_KEY) {
      throw OperationException.of(operation, "key too large");
    }
  }

  @Override
  public void expire(List<KvItem> items) throws OperationException, InterruptedException {
    String operation = "boltdb_driver_mexpire";
    KvRequests.expiries(operation, items);
    append(operation, KvRecords.expire(items, clock.millis()));
  }

  @Override
  public Map<String, Optional<Instant>> ttl(Collection<String> keys) throws OperationException {
    var unused = KvRequests.keys("boltdb_driver_ttl", keys);
    return journal.read((index, values) -> {
      Map<String, Optional<Instant>> expiries = new HashMap<>();
      for (String key : keys) {
        Slot slot = index.find(key);
        // Clients count on it that only what expires is there.
        if (slot != null && slot.expires() != KvRecords.NEVER) {
          expiries.put(key, Optional.of(Instant.ofEpochMilli(slot.expires())));
        }
      }
      return expiries;
    });
  }

  @Override
  public void delete(Collection<String> keys) throws OperationException, InterruptedException {
    String operation = "boltdb_driver_delete";
    append(operation, KvRecords.delete(KvRequests.keys(operation, keys)));
  }

  @Override
  public void clear() throws OperationException, InterruptedException {
    append("boltdb_driver_clear", KvRecords.clear());
  }

  private void append(String operation, byte[] record)
      throws OperationException, InterruptedException {
    try {
      journal.append(record, Deadline.after(WRITING));
    } catch (IOException e) {
      throw OperationException.within(operation, e);
    }
  }

  @Override
  public void close(Deadline deadline) throws InterruptedException {
    memory.remove(used);
    journal.close(deadline);
  }
}

package dev.rr.testing.kv;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvRequests;
import dev.rr.api.kv.KvStore;
import dev.rr.api.plugin.Deadline;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The smallest storage that does what it has to, for tests of whoever uses one. Any thread. */
public final class MapStore implements KvStore {
  private final Map<String, KvItem> items = new HashMap<>();

  private synchronized Map<String, KvItem> alive(Collection<String> keys) {
    Instant now = Instant.now();
    items.values().removeIf(i -> i.expires().filter(e -> !e.isAfter(now)).isPresent());
    Map<String, KvItem> found = new HashMap<>(items);
    found.keySet().retainAll(new HashSet<>(keys));
    return found;
  }

  @Override
  public Set<String> has(Collection<String> keys) throws OperationException {
    KvRequests.keys("memory_has", keys);
    return alive(keys).keySet();
  }

  @Override
  public Map<String, byte[]> get(Collection<String> keys) throws OperationException {
    KvRequests.keys("memory_get", keys);
    Map<String, byte[]> values = new HashMap<>();
    alive(keys).forEach((key, item) -> values.put(key, item.value()));
    return values;
  }

  @Override
  public synchronized void set(List<KvItem> all) {
    all.forEach(item -> items.put(item.key(), item));
  }

  @Override
  public synchronized void expire(List<KvItem> all) throws OperationException {
    KvRequests.expiries("memory_expire", all);
    all.forEach(given ->
        items.computeIfPresent(
            given.key(), (key, kept) -> new KvItem(key, kept.value(), given.expires())));
  }

  @Override
  public Map<String, Optional<Instant>> ttl(Collection<String> keys) throws OperationException {
    KvRequests.keys("memory_ttl", keys);
    Map<String, Optional<Instant>> expiries = new HashMap<>();
    alive(keys).forEach((key, item) -> expiries.put(key, item.expires()));
    return expiries;
  }

  @Override
  public synchronized void delete(Collection<String> keys) throws OperationException {
    KvRequests.keys("memory_delete", keys);
    items.keySet().removeAll(new HashSet<>(keys));
  }

  @Override
  public synchronized void clear() {
    items.clear();
  }

  @Override
  public void close(Deadline deadline) {}
}

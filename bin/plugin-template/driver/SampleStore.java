package dev.rr.plugin.sample;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvRequests;
import dev.rr.api.kv.KvStore;
import dev.rr.api.plugin.Deadline;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Keeps items until they expire, and no more than it may. Any thread. */
record SampleStore(int maxKeys, Map<String, KvItem> items) implements KvStore {
  SampleStore(int maxKeys) {
    this(maxKeys, new ConcurrentHashMap<>());
  }

  private Stream<KvItem> living(String operation, Collection<String> keys)
      throws OperationException {
    return Set.copyOf(KvRequests.keys(operation, keys)).stream()
        .flatMap(key -> Optional.ofNullable(items.get(key)).stream())
        .filter(item -> !item.isExpired(Instant.now()));
  }

  @Override
  public Set<String> has(Collection<String> keys) throws OperationException {
    return living("sample_has", keys).map(KvItem::key).collect(toSet());
  }

  @Override
  public Map<String, byte[]> get(Collection<String> keys) throws OperationException {
    return living("sample_get", keys).collect(toMap(KvItem::key, KvItem::value));
  }

  @Override
  public synchronized void set(List<KvItem> added) throws OperationException {
    items.values().removeIf(item -> item.isExpired(Instant.now()));
    Stream<String> keys = added.stream().map(KvItem::key).distinct();
    if (items.size() + keys.filter(key -> !items.containsKey(key)).count() > maxKeys) {
      throw OperationException.of("sample_set", "full");
    }
    added.forEach(item -> items.put(item.key(), item));
  }

  @Override
  public void expire(List<KvItem> expiries) throws OperationException {
    KvRequests.expiries("sample_expire", expiries);
    expiries.forEach(e -> items.computeIfPresent(e.key(), (k, i) -> i.withExpiry(e.expires())));
  }

  @Override
  public Map<String, Optional<Instant>> ttl(Collection<String> keys) throws OperationException {
    return living("sample_ttl", keys).collect(toMap(KvItem::key, KvItem::expires));
  }

  @Override
  public void delete(Collection<String> keys) throws OperationException {
    items.keySet().removeAll(KvRequests.keys("sample_delete", keys));
  }

  @Override
  public void clear() {
    items.clear();
  }

  @Override
  public void close(Deadline deadline) {
    clear();
  }
}

package com.example.store;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.rr.api.kv.KvException;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvStore;
import dev.rr.api.plugin.Deadline;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps items until they expire, and no more than it may; what is expired still takes a place.
 *
 * @param items by key; any thread
 */
record HeapStore(int maxKeys, Map<String, KvItem> items) implements KvStore {
  private Stream<KvItem> living(Collection<String> keys) {
    Instant now = Instant.now();
    return Set.copyOf(keys).stream()
        .flatMap(key -> Optional.ofNullable(items.get(key)).stream())
        .filter(item -> !item.isExpired(now));
  }

  @Override
  public Set<String> has(Collection<String> keys) {
    return living(keys).map(KvItem::key).collect(toSet());
  }

  @Override
  public Map<String, byte[]> get(Collection<String> keys) {
    return living(keys).collect(toMap(KvItem::key, KvItem::value));
  }

  @Override
  public void set(List<KvItem> added) throws KvException {
    if (items.size() + added.size() > maxKeys) {
      throw KvException.failed("heap_set", new IllegalStateException("full"));
    }
    added.forEach(item -> items.put(item.key(), item));
  }

  @Override
  public void expire(List<KvItem> expiries) {
    expiries.forEach(e -> items.computeIfPresent(e.key(), (k, i) -> i.withExpiry(e.expires())));
  }

  @Override
  public Map<String, Optional<Instant>> ttl(Collection<String> keys) {
    return living(keys).collect(toMap(KvItem::key, KvItem::expires));
  }

  @Override
  public void delete(Collection<String> keys) {
    items.keySet().removeAll(keys);
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

package dev.rr.plugin.memcached;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvRequests;
import dev.rr.api.kv.KvStore;
import dev.rr.api.kv.ValueMemory;
import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A storage in memcached: keys are shared out among its servers, each its own atom. Expiries are
 * whole seconds, none earlier than said. Any thread.
 */
final class MemcachedStore implements KvStore {
  private static final int CALLS = 1024;

  /** Commands that one call has under way at a server. */
  private static final int BATCH = 1000;

  /** Keys that one {@code get} asks for. */
  private static final int KEYS = 100;

  /** memcached counts seconds in 31 bits: until 2038. */
  private static final long LAST_SECOND = Integer.MAX_VALUE;

  private static final String NO_TTL =
      "not valid request for memcached, see https://github.com/memcached/memcached/issues/239";

  private final ServerList servers;
  private final MemcachedConfig config;
  private final Semaphore room = new Semaphore(CALLS);

  /** A storage over servers, which it closes. */
  MemcachedStore(ServerList servers, MemcachedConfig config) {
    this.servers = servers;
    this.config = config;
  }

  /** What a method does. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException, OperationException, InterruptedException;
  }

  private <T> T work(String operation, Work<T> work)
      throws OperationException, InterruptedException {
    if (!room.tryAcquire(config.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
      throw OperationException.of(operation, "too many calls at once");
    }
    try {
      return work.run();
    } catch (IOException e) {
      throw OperationException.within(operation, e);
    } finally {
      room.release();
    }
  }

  @Override
  public Set<String> has(Collection<String> keys) throws OperationException, InterruptedException {
    return found("memcached_plugin_has", keys, TextCommand::has).keySet();
  }

  @Override
  public Map<String, byte[]> get(Collection<String> keys)
      throws OperationException, InterruptedException {
    return get(keys, ValueMemory.UNBOUNDED);
  }

  @Override
  public Map<String, byte[]> get(Collection<String> keys, ValueMemory memory)
      throws OperationException, InterruptedException {
    return found("memcached_plugin_mget", keys, part -> TextCommand.get(part, memory));
  }

  private Map<String, byte[]> found(
      String operation,
      Collection<String> keys,
      Function<List<String>, TextCommand<Map<String, byte[]>>> command)
      throws OperationException, InterruptedException {
    List<String> wanted = List.copyOf(new LinkedHashSet<>(KvRequests.keys(operation, keys)));
    return work(
        operation,
        () -> {
          Map<String, byte[]> found = new HashMap<>();
          for (Map<String, byte[]> part :
              all(wanted, key -> key, share -> parts(share, KEYS).stream().map(command).toList())) {
            found.putAll(part);
          }
          return found;
        });
  }

  @Override
  public void set(List<KvItem> items) throws OperationException, InterruptedException {
    List<String> _ =
        work(
            "memcached_plugin_set",
            () -> all(items, KvItem::key, part -> part.stream().map(MemcachedStore::set).toList()));
  }

  private static TextCommand<String> set(KvItem item) {
    return TextCommand.set(
        item.key(), item.value(), item.expires().map(e -> seconds(e)).orElse(0L));
  }

  @Override
  public void expire(List<KvItem> items) throws OperationException, InterruptedException {
    String operation = "memcached_plugin_mexpire";
    KvRequests.expiries(operation, items);
    List<String> answers =
        work(
            operation,
            () ->
                all(
                    items,
                    KvItem::key,
                    part ->
                        part.stream()
                            .map(
                                i -> TextCommand.touch(i.key(), seconds(i.expires().orElseThrow())))
                            .toList()));
    if (answers.contains("NOT_FOUND")) {
      throw OperationException.of(operation, "memcache: cache miss");
    }
  }

  /** Small numbers would be seconds from now, 0 would be never. */
  private static long seconds(Instant expires) {
    Instant now = Instant.now();
    if (!expires.isAfter(now)) {
      return -1;
    }
    long up = expires.getNano() == 0 ? expires.getEpochSecond() : expires.getEpochSecond() + 1;
    return Math.min(up, LAST_SECOND);
  }

  @Override
  public Map<String, Optional<Instant>> ttl(Collection<String> keys) throws OperationException {
    throw OperationException.of("memcached_plugin_ttl", NO_TTL);
  }

  @Override
  public void delete(Collection<String> keys) throws OperationException, InterruptedException {
    String operation = "memcached_plugin_delete";
    List<String> _ =
        work(
            operation,
            () ->
                all(
                    KvRequests.keys(operation, keys),
                    key -> key,
                    part -> part.stream().map(TextCommand::delete).toList()));
  }

  @Override
  public void clear() throws OperationException, InterruptedException {
    boolean _ =
        work(
            "memcached_plugin_clear",
            () -> {
              clearEach();
              return true;
            });
  }

  /** A server that is away keeps what it has, the others do not for that. */
  private void clearEach() throws IOException, InterruptedException {
    IOException failed = null;
    for (MemcachedServer server : servers.distinct()) {
      try {
        List<String> _ = server.send(() -> List.of(TextCommand.clear())).answers();
      } catch (IOException e) {
        failed = failed == null ? e : failed;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  /**
   * Has each server do its part, all at the same time, so many commands at once. All keys are
   * checked before anything is sent.
   */
  private <I, T> List<T> all(
      Collection<I> items,
      Function<I, String> key,
      Function<List<I>, List<TextCommand<T>>> commands)
      throws IOException, InterruptedException {
    List<Map<MemcachedServer, List<I>>> batches = new ArrayList<>();
    for (List<I> batch : parts(List.copyOf(items), BATCH)) {
      batches.add(shares(batch, key));
    }
    List<T> answers = new ArrayList<>();
    for (Map<MemcachedServer, List<I>> shares : batches) {
      List<Sent<T>> sent = new ArrayList<>();
      for (Map.Entry<MemcachedServer, List<I>> share : shares.entrySet()) {
        sent.add(share.getKey().send(() -> commands.apply(share.getValue())));
      }
      for (Sent<T> each : sent) {
        answers.addAll(each.answers());
      }
    }
    return answers;
  }

  private <I> Map<MemcachedServer, List<I>> shares(List<I> items, Function<I, String> key)
      throws IOException {
    Map<MemcachedServer, List<I>> shares = new LinkedHashMap<>();
    for (I item : items) {
      shares.computeIfAbsent(servers.of(key.apply(item)), server -> new ArrayList<>()).add(item);
    }
    return shares;
  }

  private static <I> List<List<I>> parts(List<I> all, int size) {
    if (all.size() <= size) {
      return List.of(all);
    }
    List<List<I>> parts = new ArrayList<>();
    for (int i = 0; i < all.size(); i += size) {
      parts.add(all.subList(i, Math.min(i + size, all.size())));
    }
    return parts;
  }

  @Override
  public void close(Deadline deadline) throws InterruptedException {
    for (MemcachedServer server : servers.distinct()) {
      server.close(deadline);
    }
  }
}

package dev.rr.plugin.redis;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvRequests;
import dev.rr.api.kv.KvStore;
import dev.rr.api.kv.ValueMemory;
import dev.rr.api.plugin.Deadline;
import io.lettuce.core.FlushMode;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A storage in Redis: keys and values as they are, each its own atom. What has expired already is
 * deleted. Any thread.
 */
final class RedisStore implements KvStore {
  /** Commands that one call has under way. */
  private static final int BATCH = 1000;

  /** Values that one call has under way: what finds no room comes all the same. */
  private static final int VALUES = 100;

  /** What Redis can still add to its clock. */
  private static final Duration FOREVER = Duration.ofDays(365L * 100_000);

  private final RedisCalls calls;
  private final Duration read;
  private final Duration write;
  private final boolean cluster;
  private final Runnable closed;

  /**
   * A storage over calls, which it closes.
   *
   * @param closed told when that is done
   */
  RedisStore(RedisCalls calls, RedisConfig config, Runnable closed) {
    this.calls = calls;
    this.cluster = config.isCluster();
    this.read = config.readTimeout();
    this.write = config.readTimeout().plus(config.writeTimeout());
    this.closed = closed;
  }

  /** What a method does, told its name for errors. */
  @FunctionalInterface
  private interface Work<T> {
    T run(String operation) throws Exception;
  }

  private <T> T work(String name, Work<T> work) throws OperationException, InterruptedException {
    String operation = "redis_driver_" + name;
    try {
      return calls.inTurn(() -> work.run(operation));
    } catch (InterruptedException | OperationException e) {
      throw e;
    } catch (Exception e) {
      throw OperationException.within(operation, e);
    }
  }

  @Override
  public Set<String> has(Collection<String> keys) throws OperationException, InterruptedException {
    return work(
        "has",
        operation -> {
          Set<String> found = new HashSet<>();
          for (List<String> batch : batches(distinct(KvRequests.keys(operation, keys)))) {
            List<Long> counts =
                calls.all(read, to -> batch.stream().map(key -> to.exists(key)).toList());
            for (int i = 0; i < batch.size(); i++) {
              if (counts.get(i) > 0) {
                found.add(batch.get(i));
              }
            }
          }
          return found;
        });
  }

  @Override
  public Map<String, byte[]> get(Collection<String> keys)
      throws OperationException, InterruptedException {
    return get(keys, ValueMemory.UNBOUNDED);
  }

  @Override
  public Map<String, byte[]> get(Collection<String> keys, ValueMemory memory)
      throws OperationException, InterruptedException {
    return work(
        "mget",
        operation -> {
          Map<String, byte[]> found = new HashMap<>();
          List<String> wanted = distinct(KvRequests.keys(operation, keys));
          for (List<String> batch : batches(wanted, VALUES)) {
            calls
                .all(read, to -> parts(batch).stream().map(p -> get(to, p, memory)).toList())
                .forEach(found::putAll);
          }
          return found;
        });
  }

  /** What one command can ask for: a cluster's are of one slot each. */
  private Collection<List<String>> parts(List<String> keys) {
    return cluster ? SlotHash.partition(RedisDialer.CODEC, keys).values() : List.of(keys);
  }

  private static RedisFuture<Map<String, byte[]>> get(
      RedisClusterAsyncCommands<String, byte[]> to, List<String> keys, ValueMemory memory) {
    return to.dispatch(
        CommandType.MGET,
        new ValuesOutput(keys, memory),
        new CommandArgs<>(RedisDialer.CODEC).addKeys(keys));
  }

  @Override
  public void set(List<KvItem> items) throws OperationException, InterruptedException {
    boolean _ = work("set", operation -> each(items, RedisStore::set));
  }

  private static RedisFuture<?> set(
      RedisClusterAsyncCommands<String, byte[]> to, KvItem item, Instant now) {
    if (item.expires().isEmpty()) {
      return to.set(item.key(), item.value());
    }
    long millis = millisUntil(item.expires().get(), now);
    return millis > 0
        ? to.set(item.key(), item.value(), SetArgs.Builder.px(millis))
        : to.del(item.key());
  }

  @Override
  public void expire(List<KvItem> items) throws OperationException, InterruptedException {
    boolean _ =
        work(
            "mexpire",
            operation -> {
              KvRequests.expiries(operation, items);
              return each(items, RedisStore::expire);
            });
  }

  private static RedisFuture<?> expire(
      RedisClusterAsyncCommands<String, byte[]> to, KvItem item, Instant now) {
    long millis = millisUntil(item.expires().orElseThrow(), now);
    return millis > 0 ? to.pexpire(item.key(), millis) : to.del(item.key());
  }

  /** A command for an item. */
  @FunctionalInterface
  private interface ItemCommand {
    RedisFuture<?> send(RedisClusterAsyncCommands<String, byte[]> to, KvItem item, Instant now);
  }

  private boolean each(List<KvItem> items, ItemCommand command) throws Exception {
    for (List<KvItem> batch : batches(items)) {
      List<Object> _ =
          calls.all(
              write,
              to -> {
                Instant now = Instant.now();
                return batch.stream().map(item -> command.send(to, item, now)).toList();
              });
    }
    return true;
  }

  private static long millisUntil(Instant expires, Instant now) {
    Duration left = Duration.between(now, expires);
    return (left.compareTo(FOREVER) < 0 ? left : FOREVER).toMillis();
  }

  @Override
  public Map<String, Optional<Instant>> ttl(Collection<String> keys)
      throws OperationException, InterruptedException {
    return work(
        "ttl",
        operation -> {
          Map<String, Optional<Instant>> found = new HashMap<>();
          for (List<String> batch : batches(distinct(KvRequests.keys(operation, keys)))) {
            List<Long> left =
                calls.all(read, to -> batch.stream().map(key -> to.pttl(key)).toList());
            Instant now = Instant.now();
            for (int i = 0; i < batch.size(); i++) {
              // Negative: there is no such key, or it never expires.
              if (left.get(i) >= 0) {
                found.put(batch.get(i), Optional.of(nearestSecond(now.plusMillis(left.get(i)))));
              }
            }
          }
          return found;
        });
  }

  private static Instant nearestSecond(Instant moment) {
    return moment.plusMillis(500).truncatedTo(ChronoUnit.SECONDS);
  }

  @Override
  public void delete(Collection<String> keys) throws OperationException, InterruptedException {
    boolean _ =
        work(
            "delete",
            operation -> {
              for (List<String> batch : batches(distinct(KvRequests.keys(operation, keys)))) {
                String[] wanted = batch.toArray(String[]::new);
                List<Long> _ = calls.all(read, to -> List.of(to.del(wanted)));
              }
              return true;
            });
  }

  /** On every master of a cluster; memory is freed behind. */
  @Override
  public void clear() throws OperationException, InterruptedException {
    List<String> _ =
        work("clear", operation -> calls.all(write, to -> List.of(to.flushdb(FlushMode.ASYNC))));
  }

  private static List<String> distinct(Collection<String> keys) {
    return List.copyOf(new LinkedHashSet<>(keys));
  }

  private static <T> List<List<T>> batches(List<T> all) {
    return batches(all, BATCH);
  }

  private static <T> List<List<T>> batches(List<T> all, int size) {
    if (all.size() <= size) {
      return List.of(all);
    }
    List<List<T>> batches = new ArrayList<>();
    for (int i = 0; i < all.size(); i += size) {
      batches.add(all.subList(i, Math.min(i + size, all.size())));
    }
    return batches;
  }

  @Override
  public void close(Deadline deadline) throws InterruptedException {
    calls.close(deadline);
    closed.run();
  }
}

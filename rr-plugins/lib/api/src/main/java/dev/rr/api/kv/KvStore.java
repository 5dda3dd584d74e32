package dev.rr.api.kv;

import dev.rr.api.error.OperationException;
import dev.rr.api.plugin.Deadline;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One open storage. Any thread, many at once; every method may block for as long as the driver's
 * own timeouts allow, and none longer.
 *
 * <p>Keys come as the client sent them, in its order, possibly twice, empty or blank, but at least
 * one: a request without any is answered before it gets here. One that has a blank key is refused
 * before anything is done, as {@link KvRequests} does it: by {@link #has}, {@link #get}, {@link
 * #ttl} and {@link #delete}. A failure is told with the driver's operation ({@link
 * OperationException#within}). Values are shared: neither side changes one that was handed over.
 */
public interface KvStore {
  /** Those of the keys that exist. */
  Set<String> has(Collection<String> keys) throws OperationException, InterruptedException;

  /** The values of those keys that exist. */
  Map<String, byte[]> get(Collection<String> keys) throws OperationException, InterruptedException;

  /**
   * As {@link #get(Collection)}, within bounds: the one that clients' calls come to. What a client
   * asks for at once must not fill the heap.
   *
   * @param memory takes the bytes of the values, and {@link ValueMemory#ENTRY} for each, unless
   *     they are in memory already
   */
  default Map<String, byte[]> get(Collection<String> keys, ValueMemory memory)
      throws OperationException, InterruptedException {
    return get(keys);
  }

  /**
   * Stores every item, in order; an item without an expiry takes the one away that its key had, one
   * whose expiry has passed deletes its key. A blank key is stored where the storage can. Atomic
   * only where the driver says so.
   */
  void set(List<KvItem> items) throws OperationException, InterruptedException;

  /**
   * Gives keys that exist another expiry, and leaves their values alone; one that has passed
   * deletes its key. The items' values do not matter. An item with a blank key or without an expiry
   * is refused.
   */
  void expire(List<KvItem> items) throws OperationException, InterruptedException;

  /**
   * When keys expire: empty for one that never does, left out for one that does not exist.
   *
   * @throws OperationException also when the driver cannot tell
   */
  Map<String, Optional<Instant>> ttl(Collection<String> keys)
      throws OperationException, InterruptedException;

  /** Deletes the keys; those that do not exist are no error. */
  void delete(Collection<String> keys) throws OperationException, InterruptedException;

  /** Deletes everything, also what others put into the same storage. */
  void clear() throws OperationException, InterruptedException;

  /**
   * Whether every method but {@link #clear} and {@link #close} returns within microseconds: it
   * reads or changes memory, and neither waits nor does I/O. Small requests then run on the
   * socket's event loop, which halves their CPU time.
   */
  default boolean quick() {
    return false;
  }

  /**
   * Ends what is under way and releases connections and files. No other method is called any more;
   * this one may be called twice.
   *
   * @param deadline when it has passed, calls under way are cut off
   */
  void close(Deadline deadline) throws Exception;
}

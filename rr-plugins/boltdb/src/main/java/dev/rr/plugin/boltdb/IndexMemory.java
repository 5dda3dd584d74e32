package dev.rr.plugin.boltdb;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What the keys of all storages and the numbers of all jobs may take of the heap together. Any
 * thread.
 */
final class IndexMemory {
  private final long most;
  private final Set<LongSupplier> users = ConcurrentHashMap.newKeySet();

  /**
   * Memory that nobody uses.
   *
   * @param most bytes
   */
  IndexMemory(long most) {
    this.most = most;
  }

  /** Somebody uses some, until the end: so many bytes, whenever that is asked. */
  void add(LongSupplier user) {
    users.add(user);
  }

  void remove(LongSupplier user) {
    users.remove(user);
  }

  /** Whether so many bytes more are too many. */
  boolean isFull(long more) {
    return users.stream().mapToLong(LongSupplier::getAsLong).sum() + more > most;
  }

  /** For whoever is refused. */
  String refusal() {
    return "keys and jobs in files take the "
        + most
        + " bytes of memory that they may; give the server more with RR_JAVA_OPTS=-Xmx…";
  }
}

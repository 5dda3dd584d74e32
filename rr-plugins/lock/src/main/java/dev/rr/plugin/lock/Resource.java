package dev.rr.plugin.lock;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that is locked: its one writer or its readers, and who waits, in the order they came.
 * Belongs to its {@link LockTable}.
 */
final class Resource {
  /** Bytes that one takes in every map that holds it, without its name. */
  private static final int BYTES = 150;

  final String name;
  private @Nullable Claim writer;
  // Most resources never have any of these.
  private Map<String, Claim> readers = Map.of();
  private Set<Claim> queue = Set.of();

  Resource(String name) {
    this.name = name;
  }

  int bytes() {
    return BYTES + name.length();
  }

  boolean isLocked() {
    return writer != null || !readers.isEmpty();
  }

  /** The lock that an id holds. */
  @Nullable Claim held(String id) {
    return writer != null && writer.id.equals(id) ? writer : readers.get(id);
  }

  /** Whether somebody else holds the exclusive lock. */
  boolean isOthers(String id) {
    return writer != null && !writer.id.equals(id);
  }

  /**
   * Whether a new claim is granted at once. It goes behind those who wait, except that of a reader:
   * who waits here waits for that reader, which would never come to give its lock back.
   */
  boolean admits(Claim claim) {
    return fits(claim) && (queue.isEmpty() || readers.containsKey(claim.id));
  }

  /** Whether a claim can stand beside those that are held, or in the place of its own. */
  private boolean fits(Claim claim) {
    return writer == null
        && (!claim.exclusive
            || readers.isEmpty()
            || readers.size() == 1 && readers.containsKey(claim.id));
  }

  /** Has a claim wait behind the others. */
  void enqueue(Claim claim) {
    if (queue.isEmpty()) {
      queue = new LinkedHashSet<>();
    }
    queue.add(claim);
  }

  /** Takes a claim out of the queue. */
  void dequeue(Claim claim) {
    queue.remove(claim);
    if (queue.isEmpty()) {
      queue = Set.of();
    }
  }

  /** The first in the queue, if it is granted now; else null. */
  @Nullable Claim next() {
    if (queue.isEmpty()) {
      return null;
    }
    Claim first = queue.iterator().next();
    return fits(first) ? first : null;
  }

  /**
   * Who waits for the exclusive lock and has just become the only reader; null when nobody has.
   * Looks at the whole queue: to be asked when others hold it than before, and not each time that
   * somebody gives up.
   */
  @Nullable Claim promoted() {
    if (writer != null || readers.size() != 1) {
      return null;
    }
    return queue.stream().filter(c -> c.exclusive && fits(c)).findFirst().orElse(null);
  }

  /** Has a claim held, and returns the one of the same id whose place it takes. */
  @Nullable Claim hold(Claim claim) {
    if (claim.exclusive) {
      Claim reader = readers.get(claim.id);
      readers = Map.of();
      writer = claim;
      return reader;
    }
    if (readers.isEmpty()) {
      readers = new HashMap<>(4);
    }
    return readers.put(claim.id, claim);
  }

  /** Has a claim no longer held. */
  void drop(Claim claim) {
    if (claim.exclusive) {
      writer = null;
    } else {
      readers.remove(claim.id);
      if (readers.isEmpty()) {
        readers = Map.of();
      }
    }
  }

  /** Has nothing held, and tells what was. */
  void dropAll(Consumer<Claim> each) {
    if (writer != null) {
      each.accept(writer);
    }
    readers.values().forEach(each);
    writer = null;
    readers = Map.of();
  }

  /** Those who wait. */
  Set<Claim> waiting() {
    return queue;
  }
}

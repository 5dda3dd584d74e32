package dev.rr.plugin.lock;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who holds what, and who waits for it. Knows no clock and no thread: it is told the time, in
 * nanoseconds from any moment on, and its owner calls one method at a time.
 */
final class LockTable {
  /** Resources that nobody holds and that are still known to have been locked. */
  static final int REMEMBERED = 10_000;

  /** Letters that their names may have together. */
  static final int REMEMBERED_LETTERS = 1 << 20;

  private final long limit;
  private final Map<String, Resource> resources = new HashMap<>();
  private final TreeSet<Claim> ends = new TreeSet<>(Claim.BY_END);
  private final LinkedHashSet<Resource> free = new LinkedHashSet<>();
  private long freeLetters;
  private long bytes;
  private long number;

  /**
   * A table.
   *
   * @param limit how many bytes locks and those who wait for them may take, about
   */
  LockTable(long limit) {
    this.limit = limit;
  }

  /**
   * Asks for a lock. Whoever waits has an {@linkplain Claim#answer answer} to wait for; without one
   * the lock was given at once.
   *
   * @param ttl for how long it is wanted, in nanoseconds
   * @param wait how long the caller waits
   * @throws IllegalStateException when there is no room for another one
   */
  Claim ask(String name, String id, boolean exclusive, long ttl, long wait, long now) {
    if (bytes + name.length() + id.length() > limit) {
      throw new IllegalStateException(
          "no more locks are given: those that are held and waited for take more than "
              + (limit >> 20)
              + " MB, an eighth of the heap; release some, or give rr a larger one by -Xmx in"
              + " RR_JAVA_OPTS");
    }
    Resource resource = resource(name);
    Claim claim = new Claim(resource, id, exclusive, ttl, number++);
    bytes += claim.bytes();
    if (resource.admits(claim)) {
      hold(claim, now);
    } else {
      resource.enqueue(claim);
      claim.waits(now + wait);
      ends.add(claim);
    }
    return claim;
  }

  private Resource resource(String name) {
    Resource known = resources.get(name);
    Resource resource = known == null ? new Resource(name) : known;
    if (known == null) {
      resources.put(name, resource);
      bytes += resource.bytes();
    } else if (free.remove(known)) {
      freeLetters -= name.length();
      bytes += known.bytes();
    }
    return resource;
  }

  /** Resources that are locked now. */
  int locked() {
    return resources.size() - free.size();
  }

  /** Whether a resource was ever locked, as far as that is remembered. */
  boolean isKnown(String name) {
    return resources.containsKey(name);
  }

  private void hold(Claim claim, long now) {
    Claim replaced = claim.resource.hold(claim);
    if (replaced != null) {
      ended(replaced);
    }
    claim.holds(now + claim.ttl);
    ends.add(claim);
  }

  private void ended(Claim claim) {
    ends.remove(claim);
    bytes -= claim.bytes();
  }

  /**
   * Grants what can be granted now.
   *
   * @param changed whether somebody holds it no longer; else somebody has given up waiting
   */
  private void serve(Resource resource, boolean changed, long now) {
    boolean readersMayHaveChanged = changed;
    for (Claim next = resource.next(); next != null; next = resource.next()) {
      grant(next, now);
      readersMayHaveChanged = true;
    }
    Claim promoted = readersMayHaveChanged ? resource.promoted() : null;
    if (promoted != null) {
      grant(promoted, now);
    }
    if (!resource.isLocked()) {
      remember(resource);
    }
  }

  private void grant(Claim waiting, long now) {
    waiting.resource.dequeue(waiting);
    ends.remove(waiting);
    hold(waiting, now);
  }

  /** Of resources that nobody holds the latest are known, so that memory has a bound. */
  private void remember(Resource resource) {
    if (free.add(resource)) {
      bytes -= resource.bytes();
      freeLetters += resource.name.length();
    }
    while (free.size() > REMEMBERED || freeLetters > REMEMBERED_LETTERS) {
      Resource oldest = free.removeFirst();
      freeLetters -= oldest.name.length();
      resources.remove(oldest.name);
    }
  }

  /** Gives a lock back; tells whether the id held it. */
  boolean release(String name, String id, long now) {
    Claim held = held(name, id);
    if (held == null) {
      return false;
    }
    drop(held, now);
    return true;
  }

  private void drop(Claim held, long now) {
    held.resource.drop(held);
    ended(held);
    serve(held.resource, true, now);
  }

  /** The lock that an id holds. */
  private @Nullable Claim held(String name, String id) {
    Resource resource = resources.get(name);
    return resource == null ? null : resource.held(id);
  }

  /** Whether somebody else holds the exclusive lock. */
  boolean isOthers(String name, String id) {
    Resource resource = resources.get(name);
    return resource != null && resource.isOthers(id);
  }

  /**
   * Takes a resource away from all who hold it; tells whether it {@linkplain #isKnown is known}.
   */
  boolean forceRelease(String name, long now) {
    Resource resource = resources.get(name);
    if (resource == null) {
      return false;
    }
    resource.dropAll(this::ended);
    serve(resource, true, now);
    return true;
  }

  /** Whether an id holds a resource, or {@code *}: anybody. */
  boolean exists(String name, String id) {
    Resource resource = resources.get(name);
    return resource != null && (id.equals("*") ? resource.isLocked() : resource.held(id) != null);
  }

  /** Has a lock end {@code ttl} from now; tells whether the id holds it. */
  boolean updateTtl(String name, String id, long ttl, long now) {
    Claim held = held(name, id);
    if (held == null) {
      return false;
    }
    ends.remove(held);
    held.end = now + ttl;
    ends.add(held);
    return true;
  }

  /** Has nobody wait for this one any longer. Does nothing to one that is held or over. */
  void abandon(Claim claim, long now) {
    if (claim.resource.waiting().contains(claim)) {
      claim.resource.dequeue(claim);
      ended(claim);
      claim.refused();
      serve(claim.resource, false, now);
    }
  }

  /**
   * Ends what is over.
   *
   * @param most how many at most
   */
  void expire(long now, int most) {
    for (int i = 0; i < most && nextEnd() <= now; i++) {
      Claim claim = ends.getFirst();
      if (claim.isHeld()) {
        drop(claim, now);
      } else {
        abandon(claim, now);
      }
    }
  }

  /** When something is over next; {@link Long#MAX_VALUE} when nothing ever is. */
  long nextEnd() {
    return ends.isEmpty() ? Long.MAX_VALUE : ends.getFirst().end;
  }

  /** Ends everything; whoever waits is refused. */
  void clear() {
    List.copyOf(resources.values()).forEach(r -> r.waiting().forEach(Claim::refused));
    resources.clear();
    ends.clear();
    free.clear();
    freeLetters = 0;
    bytes = 0;
  }

  /** Claims that are held or wait. */
  int size() {
    return ends.size();
  }

  /** Resources that are locked or remembered. */
  int resources() {
    return resources.size();
  }

  /** What locks and those who wait take, in bytes, about. */
  long bytes() {
    return bytes;
  }
}

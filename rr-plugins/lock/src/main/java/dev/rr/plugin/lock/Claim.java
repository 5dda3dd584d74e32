package dev.rr.plugin.lock;

import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A lock from the call that asks for it until it is refused, given back, or its time is over.
 * Belongs to its {@link LockTable}.
 */
final class Claim {
  /** What ends first is first; of two at the same time the older. */
  static final Comparator<Claim> BY_END =
      Comparator.<Claim>comparingLong(claim -> claim.end).thenComparingLong(claim -> claim.number);

  /** Bytes that one takes in every map that holds it, without its id. */
  private static final int BYTES = 200;

  final Resource resource;
  final String id;
  final boolean exclusive;

  /** For how long it is held, in nanoseconds. */
  final long ttl;

  /** When its waiting is over, then when its time is over, in nanoseconds. */
  long end;

  private final long number;
  private @Nullable CompletableFuture<Boolean> answer;
  private boolean held;

  Claim(Resource resource, String id, boolean exclusive, long ttl, long number) {
    this.resource = resource;
    this.id = id;
    this.exclusive = exclusive;
    this.ttl = ttl;
    this.number = number;
  }

  /** What the caller waits for; null when it did not have to. Never completes exceptionally. */
  @Nullable CompletableFuture<Boolean> answer() {
    return answer;
  }

  boolean isHeld() {
    return held;
  }

  void waits(long until) {
    end = until;
    answer = new CompletableFuture<>();
  }

  void holds(long until) {
    end = until;
    held = true;
    tell(true);
  }

  void refused() {
    tell(false);
  }

  private void tell(boolean obtained) {
    if (answer != null) {
      answer.complete(obtained);
    }
  }

  int bytes() {
    return BYTES + id.length();
  }
}

package dev.rr.pool;

import org.jspecify.annotations.Nullable;

/** What the set knows about one of its workers. Guarded by the set's lock. */
final class Member {
  final Worker worker;
  final Role role;

  /** Whether it goes without a replacement. */
  boolean forGood;

  /** Whether its replacement was taken care of. */
  boolean leaving;

  @Nullable Worker replacement;

  Member(Worker worker, Role role) {
    this.worker = worker;
    this.role = role;
  }

  /**
   * How a worker comes to be.
   *
   * @param dynamic whether it is one of the dynamic allocator's
   * @param single whether it serves one request and is not replaced
   * @param generation counts resets
   * @param failures starts in this place that failed without a success in between
   * @param batch who waits for it
   */
  record Role(
      boolean dynamic, boolean single, int generation, int failures, @Nullable Batch batch) {
    static Role configured(int generation, @Nullable Batch batch) {
      return new Role(false, false, generation, 0, batch);
    }

    static Role dynamic(int generation) {
      return new Role(true, false, generation, 0, null);
    }

    static Role single(int generation) {
      return new Role(false, true, generation, 0, null);
    }

    /** The same place, with a new worker of the generation. */
    Role renewed(int generation, Batch batch) {
      return new Role(dynamic, false, generation, 0, batch);
    }

    /** The same place, with a new worker after so many starts that failed in a row. */
    Role again(int failures) {
      return new Role(dynamic, false, generation, failures, null);
    }
  }

  /** Whether it counts as one of the workers that the pool is meant to have. */
  boolean isActive() {
    return !forGood && !leaving;
  }

  /** Whether it counts for a user: one for each place, until the replacement is there. */
  boolean isVisible() {
    if (!worker.isOpen() || !worker.isAlive() || forGood) {
      return false;
    }
    return !leaving || replacement != null && !replacement.isOpen();
  }
}

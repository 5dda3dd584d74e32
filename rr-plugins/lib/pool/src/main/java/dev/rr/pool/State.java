package dev.rr.pool;

import java.util.concurrent.atomic.AtomicReference;

/** What a worker is doing or why it leaves; numbers and names as upstream's. */
enum State {
  INACTIVE(0, "inactive"),
  READY(1, "ready"),
  WORKING(2, "working"),
  INVALID(3, "invalid"),
  STOPPING(4, "stopping"),
  STOPPED(5, "stopped"),
  DESTROYED(6, "destroyed"),
  MAX_JOBS(7, "maxJobsReached"),
  ERRORED(8, "errored"),
  IDLE_TTL(9, "idleTTLReached"),
  TTL(10, "ttlReached"),
  MAX_MEMORY(11, "maxMemoryReached"),
  EXEC_TTL(12, "execTTLReached");

  final int number;
  final String text;

  State(int number, String text) {
    this.number = number;
    this.text = text;
  }

  // Ready and working alternate. A reason to leave is never taken back: whoever finds one, on any
  // thread, keeps the owner from becoming ready again. Of two reasons the later shows, but
  // DESTROYED, which is for good, stays.
  private boolean allows(State next) {
    return switch (next) {
      case READY -> this == WORKING || this == INACTIVE;
      case WORKING -> this == READY;
      case DESTROYED -> true;
      default -> this != DESTROYED;
    };
  }

  /** The state of one worker; a step that is not allowed is not taken. Any thread. */
  static final class Cell {
    private final AtomicReference<State> now = new AtomicReference<>(INACTIVE);

    State get() {
      return now.get();
    }

    /** Takes the step, or says that it is not allowed from the state of this moment. */
    boolean to(State next) {
      while (true) {
        State current = now.get();
        if (!current.allows(next)) {
          return false;
        }
        if (now.compareAndSet(current, next)) {
          return true;
        }
      }
    }

    /** Takes the step only from {@code expected}. */
    boolean to(State expected, State next) {
      return expected.allows(next) && now.compareAndSet(expected, next);
    }
  }
}

package dev.rr.plugin.kv;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.ValueMemory;
import java.util.concurrent.atomic.AtomicLong;

/** What the values of all calls under way may take of the heap together. Any thread. */
final class AnswerMemory {
  private final long size;
  private final AtomicLong taken = new AtomicLong();

  /**
   * Memory that nobody has taken.
   *
   * @param size in bytes
   */
  AnswerMemory(long size) {
    this.size = size;
  }

  /** What a call takes of it, from nothing on. */
  Share share() {
    return new Share();
  }

  /** What one call takes. Any thread. */
  final class Share implements ValueMemory, AutoCloseable {
    private static final long CLOSED = -1;

    private final AtomicLong held = new AtomicLong();

    private Share() {}

    @Override
    public void take(long bytes) throws OperationException {
      if (taken.addAndGet(bytes) > size) {
        taken.addAndGet(-bytes);
        throw OperationException.of(
            "values",
            "no memory for "
                + (held.get() + bytes)
                + " bytes: those of all calls together may take "
                + size
                + ", a quarter of the heap; ask for less at once, or give the server a larger heap"
                + " (-Xmx in RR_JAVA_OPTS)");
      }
      if (held.updateAndGet(now -> now == CLOSED ? CLOSED : now + bytes) == CLOSED) {
        taken.addAndGet(-bytes);
        throw OperationException.of("values", "nobody waits for them any more");
      }
    }

    @Override
    public void close() {
      taken.addAndGet(-Math.max(0, held.getAndSet(CLOSED)));
    }
  }
}

package dev.rr.plugin.http.connection;

import dev.rr.api.http.HttpUpgrade;
import dev.rr.api.http.MemoryBudget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** The way to the client of a connection, or a stream, that has left HTTP. Any thread. */
public final class UpgradeWire implements HttpUpgrade.Wire {
  /** What a write takes besides its bytes: a task, a buffer around them and a promise. */
  private static final int OVERHEAD = 256; // bytes

  private static final Runnable NOTHING = () -> {};

  private final Loop loop;
  private final MemoryBudget budget;
  private final Line line;
  private final AtomicLong pending = new AtomicLong();

  /** What carries the bytes. On its loop only. */
  public interface Line {
    /**
     * Sends bytes.
     *
     * @param sent runs once it does not need them any more
     */
    void send(ByteBuffer bytes, Runnable sent);

    /** Whether it has ended, or was broken off. */
    boolean isOver();

    /** Breaks off. */
    void cut(Throwable why);

    /** The receiver takes bytes again. */
    void resume();

    /** Closes once everything is sent. */
    void end();
  }

  /** The way over a line. */
  public UpgradeWire(Loop loop, MemoryBudget budget, Line line) {
    this.loop = loop;
    this.budget = budget;
    this.line = line;
  }

  @Override
  public void write(ByteBuffer bytes) {
    write(bytes, bytes.remaining(), NOTHING);
  }

  @Override
  public void write(ByteBuffer shared, Runnable sent) {
    write(shared, OVERHEAD, sent);
  }

  /** Writes bytes of which so many are counted. */
  private void write(ByteBuffer bytes, int counted, Runnable then) {
    int size = bytes.remaining();
    if (size == 0) {
      loop.execute(then);
      return;
    }
    if (!budget.take(counted)) {
      loop.execute(() -> overflow(size, then));
      return;
    }
    pending.addAndGet(size);
    loop.execute(() -> line.send(bytes, () -> sent(size, counted, then)));
  }

  private void sent(int size, int counted, Runnable then) {
    pending.addAndGet(-size);
    budget.give(counted);
    then.run();
  }

  /** The writer has not minded what waits already. */
  private void overflow(int wanted, Runnable then) {
    if (!line.isOver()) {
      if (loop.cutLines().passes()) {
        loop.log()
            .warn(
                "a connection that left HTTP is cut off: what waits for clients takes the memory"
                    + " there is for it",
                "wanted",
                wanted,
                "pending",
                pending());
      }
      line.cut(new IOException("there is no memory for what waits for the client"));
    }
    then.run();
  }

  @Override
  public long pending() {
    return pending.get();
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public void resume() {
    loop.execute(line::resume);
  }

  @Override
  public void close() {
    loop.execute(line::end);
  }
}

package dev.rr.plugin.http.http1;

import dev.rr.api.http.HttpUpgrade;
import dev.rr.api.http.MemoryBudget;
import dev.rr.plugin.http.connection.Loop;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** The way to the client of a connection that has left HTTP. Any thread. */
final class UpgradeWire implements HttpUpgrade.Wire {
  /** What a write takes besides its bytes: a task, a buffer around them and a promise. */
  private static final int OVERHEAD = 256; // bytes

  private static final Runnable NOTHING = () -> {};

  private final Loop loop;
  private final MemoryBudget budget;
  private final UpgradedConnection connection;
  private final AtomicLong pending = new AtomicLong();

  UpgradeWire(Loop loop, MemoryBudget budget, UpgradedConnection connection) {
    this.loop = loop;
    this.budget = budget;
    this.connection = connection;
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
      loop.execute(() -> {
        connection.overflow(size);
        then.run();
      });
      return;
    }
    pending.addAndGet(size);
    loop.execute(() -> connection.send(bytes, () -> sent(size, counted, then)));
  }

  private void sent(int size, int counted, Runnable then) {
    pending.addAndGet(-size);
    budget.give(counted);
    then.run();
  }

  @Override
  public long pending() {
    return pending.get();
  }

  @Override
  public void resume() {
    loop.execute(connection::resume);
  }

  @Override
  public void close() {
    loop.execute(connection::end);
  }
}

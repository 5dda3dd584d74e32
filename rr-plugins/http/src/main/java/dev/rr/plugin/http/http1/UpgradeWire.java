package dev.rr.plugin.http.http1;

import dev.rr.api.http.HttpUpgrade;
import dev.rr.api.http.MemoryBudget;
import dev.rr.plugin.http.connection.Loop;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** The way to the client of a connection that has left HTTP. Any thread. */
final class UpgradeWire implements HttpUpgrade.Wire {
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
    int size = bytes.remaining();
    if (size == 0) {
      return;
    }
    if (!budget.take(size)) {
      loop.execute(() -> connection.overflow(size));
      return;
    }
    pending.addAndGet(size);
    loop.execute(() -> connection.send(bytes, () -> sent(size)));
  }

  private void sent(int size) {
    pending.addAndGet(-size);
    budget.give(size);
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

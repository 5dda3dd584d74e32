package dev.rr.plugin.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LockTableTest {
  private final LockTable table = new LockTable(1L << 30);

  @Test
  @Timeout(30)
  void whoGivesUpInALongQueueCostsNoLookAtTheOthers() {
    table.ask("a", "reader", false, 1_000_000, 0, 0);
    for (int i = 0; i < 300_000; i++) {
      table.ask("a", "writer" + i, true, 1, 10 + i, 0);
    }
    table.expire(500_000, Integer.MAX_VALUE);
    assertThat(table.size()).isOne();
  }

  @Test
  void theLastReaderIsPromotedFromTheMiddleOfTheQueue() {
    table.ask("a", "x", false, 1_000, 0, 0);
    table.ask("a", "y", false, 1_000, 0, 0);
    table.ask("a", "z", true, 1_000, 100, 0);
    CompletableFuture<Boolean> promoted = table.ask("a", "x", true, 1_000, 100, 0).answer();
    table.release("a", "y", 1);
    assertThat(promoted).isCompletedWithValue(true);
    assertThat(table.isOthers("a", "z")).isTrue();
  }
}

package dev.rr.plugin.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.rpc.RpcCall;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(120)
class LocksTest {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final Locks locks = new Locks(256L << 20, System::nanoTime);

  @BeforeEach
  void start() {
    locks.start();
  }

  @AfterEach
  void stop() throws Exception {
    locks.stop(Deadline.after(Duration.ofSeconds(10)));
  }

  private boolean lock(String resource, String id, long ttl, long wait) throws Exception {
    return locks.lock(resource, id, true, ttl, wait, RpcCall.OWN).get();
  }

  @Test
  void fiftyClientsNeverHoldTheSameAtOnce() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger turns = new AtomicInteger();
    List<Future<Boolean>> clients = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int c = 0; c < 50; c++) {
        String id = "client" + c;
        boolean exclusive = c % 5 != 0;
        clients.add(
            threads.submit(() -> {
              for (int i = 0; i < 400; i++) {
                assertThat(locks.lock("foo", id, exclusive, MINUTE, MINUTE, RpcCall.OWN).get())
                    .isTrue();
                int others = inside.getAndAdd(exclusive ? 1000 : 1);
                assertThat(others).isBetween(0, exclusive ? 0 : 999);
                Thread.yield();
                inside.addAndGet(exclusive ? -1000 : -1);
                assertThat(locks.release("foo", id)).isEqualTo(Locks.Released.YES);
                turns.incrementAndGet();
              }
              return true;
            }));
      }
    }
    for (Future<Boolean> client : clients) {
      assertThat(client.get()).isTrue();
    }
    assertThat(turns).hasValue(50 * 400);
    assertThat(locks.size()).isZero();
  }

  @Test
  void aHundredThousandLocksTakeNoThreadsAndLittleMemoryAndAllEnd() throws Exception {
    int threads = Thread.activeCount();
    long before = used();
    long ttl = TimeUnit.SECONDS.toNanos(5);
    for (int i = 0; i < 100_000; i++) {
      // As PHP's package does it: an id of 36 letters.
      assertThat(lock("order-" + i, "0b4d2b1c-7c6f-4a5e-9a64-%012d".formatted(i), ttl, 0)).isTrue();
    }
    assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
    long bytes = (used() - before) / 100_000;
    assertThat(bytes).as("bytes a lock").isLessThan(600);

    Await.until("all over", () -> locks.size() == 0);
    assertThat(locks.exists("order-99999", "*")).isFalse();
  }

  private static long used() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least =
          Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    }
    return least;
  }

  @Test
  void locksThatWouldTakeTooMuchAreRefusedUntilOthersEnd() throws Exception {
    Locks few = new Locks(3_000, System::nanoTime);
    List<String> held = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                few.lock("r" + i, "id", true, MINUTE, 0, RpcCall.OWN).get();
                held.add("r" + i);
              }
            })
        .hasMessageStartingWith("no more locks are given")
        .hasMessageContaining("-Xmx");
    assertThat(held).hasSizeBetween(5, 20);

    assertThat(few.release(held.getFirst(), "id")).isEqualTo(Locks.Released.YES);
    assertThat(few.lock("another", "id", true, MINUTE, 0, RpcCall.OWN).get()).isTrue();
  }

  @Test
  void whatIsFreeIsRememberedForALatestTenThousand() {
    LockTable table = new LockTable(Long.MAX_VALUE);
    for (int i = 0; i < LockTable.REMEMBERED + 5; i++) {
      table.ask("r" + i, "id", true, 10, 0, 0);
      table.release("r" + i, "id", 0);
    }
    assertThat(table.resources()).isEqualTo(LockTable.REMEMBERED);
    assertThat(table.forceRelease("r4", 0)).isFalse();
    assertThat(table.forceRelease("r5", 0)).isTrue();

    table.ask("x".repeat(LockTable.REMEMBERED_LETTERS), "id", true, 10, 0, 0);
    table.expire(10, 1);
    assertThat(table.resources()).as("one name took the room of all").isOne();
    assertThat(table.bytes()).isZero();
  }

  @Test
  void aLockThatEndsSoonerThanOthersEndsInTime() throws Exception {
    assertThat(lock("late", "id", MINUTE, 0)).isTrue();
    Await.until("the timer sleeps", () -> locks.exists("late", "id"));
    assertThat(lock("soon", "id", TimeUnit.MILLISECONDS.toNanos(20), 0)).isTrue();
    assertThat(lock("soon", "other", MINUTE, MINUTE)).isTrue();
    assertThat(locks.exists("late", "id")).isTrue();
  }
}

package dev.rr.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.rr.testing.worker.RecordingLog;
import io.netty.channel.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LoopWatchTest {
  private final RecordingLog log = new RecordingLog();
  private final EventLoops loops = EventLoops.start("rr-test", 1);
  private final EventLoop loop = loops.iterator().next();

  @AfterEach
  void stop() throws Exception {
    loops.stop(10_000);
  }

  /** As a middleware that asks a database. */
  static final class Sleeper implements Runnable {
    private final CountDownLatch over = new CountDownLatch(1);
    private final BooleanSupplier enough;

    Sleeper(BooleanSupplier enough) {
      this.enough = enough;
    }

    @Override
    public void run() {
      try {
        sleepUntil(enough);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      over.countDown();
    }
  }

  /** A second; more where the watch was late itself, and looks at nobody then. */
  private static void sleepUntil(BooleanSupplier enough) throws InterruptedException {
    int seconds = 0;
    do {
      Thread.sleep(1_000);
      seconds++;
    } while (!enough.getAsBoolean() && seconds < 20);
  }

  private boolean isLogged() {
    return !log.records().isEmpty();
  }

  private void hold(BooleanSupplier enough) throws InterruptedException {
    Sleeper sleeper = new Sleeper(enough);
    loop.execute(sleeper);
    assertThat(sleeper.over.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoHoldsALoopIsNamedOnceAMinuteWithTheStack() throws Exception {
    try (LoopWatch unused = new LoopWatch("rr-test", loops, "dev.rr.api.", () -> true, log)) {
      hold(this::isLogged);
      hold(() -> true);
    }
    assertThat(log.records())
        .singleElement()
        .asString()
        .contains("a handler holds an event loop", Sleeper.class.getName(), "Thread.sleep");
  }

  @Test
  void rrsOwnCodeIsSlowOnlyWhereTheMachineIsAndIsNotNamed() throws Exception {
    try (LoopWatch unused = new LoopWatch("rr-test", loops, "dev.rr.", () -> true, log)) {
      hold(() -> true);
    }
    assertThat(log.records()).isEmpty();
  }

  @Test
  void loopsThatAreWatchedTellWhoseCodeHoldsThem() throws Exception {
    loops.watch(() -> true, log);
    CountDownLatch over = new CountDownLatch(1);
    loop.execute(() -> {
      // Through code that is neither the JDK's nor Netty's nor rr's.
      assertThatCode(() -> sleepUntil(this::isLogged)).doesNotThrowAnyException();
      over.countDown();
    });
    assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(log.records()).singleElement().asString().contains("org.assertj.");
  }

  /** As a large class on a slow disk. */
  static final class SlowToLoad {
    static final int VALUE;

    static {
      assertThatCode(() -> Thread.sleep(1_000)).doesNotThrowAnyException();
      VALUE = 1;
    }

    private SlowToLoad() {}
  }

  @Test
  void aClassThatIsLoadedIsNoHandlersFault() throws Exception {
    try (LoopWatch unused = new LoopWatch("rr-test", loops, "dev.rr.api.", () -> true, log)) {
      assertThat(loop.submit(() -> SlowToLoad.VALUE).get(30, TimeUnit.SECONDS)).isEqualTo(1);
    }
    assertThat(log.records()).isEmpty();
  }

  @Test
  void idleLoopsAreLeftAlone() throws Exception {
    try (LoopWatch unused = new LoopWatch("rr-test", loops, "dev.rr.api.", () -> false, log)) {
      hold(() -> true);
    }
    assertThat(log.records()).isEmpty();
  }
}

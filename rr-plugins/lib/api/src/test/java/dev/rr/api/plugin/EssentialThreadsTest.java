package dev.rr.api.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class EssentialThreadsTest {
  private final AtomicReference<Throwable> uncaught = new AtomicReference<>();

  private void run(boolean stopping) throws InterruptedException {
    Thread thread =
        EssentialThreads.untilStopped(Thread.ofPlatform().name("loop")::unstarted, () -> stopping)
            .newThread(() -> {});
    thread.setUncaughtExceptionHandler((t, e) -> uncaught.set(e));
    thread.start();
    thread.join();
  }

  @Test
  void aLoopThatEndsUnaskedEndsByAnError() throws Exception {
    run(false);
    assertThat(uncaught.get()).isInstanceOf(Error.class).hasMessageContaining("ended unasked");
  }

  @Test
  void aLoopThatWasStoppedEndsInPeace() throws Exception {
    run(true);
    assertThat(uncaught.get()).isNull();
  }
}

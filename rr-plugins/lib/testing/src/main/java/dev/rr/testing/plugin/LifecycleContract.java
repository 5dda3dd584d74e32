package dev.rr.testing.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problems;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.testing.worker.LeakCheck;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * What every plugin that starts has to bear, whatever it does: being stopped without a start, twice
 * after one, and twice after one that failed half-way. Each time no thread, process, pipe or socket
 * may be left. For tests that run one after the other in their JVM.
 */
public final class LifecycleContract {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private LifecycleContract() {}

  /**
   * Leads new plugins through all of that, on the calling thread.
   *
   * @param plugin makes one that starts
   * @param failing makes one whose start fails, best at its last step: its port is taken
   */
  public static void holds(
      Callable<? extends Lifecycle> plugin, Callable<? extends Lifecycle> failing)
      throws Exception {
    LeakCheck.around(() -> stopTwice(checked(plugin.call())));
    LeakCheck.around(() -> {
      Lifecycle started = checked(plugin.call());
      try {
        started.start();
      } finally {
        stopTwice(started);
      }
    });
    LeakCheck.around(() -> {
      Lifecycle failed = failing.call();
      failed.init();
      failed.check(new Problems());
      assertThatThrownBy(failed::start).as("the start that has to fail").isNotNull();
      stopTwice(failed);
    });
  }

  private static Lifecycle checked(Lifecycle plugin) throws Exception {
    plugin.init();
    assertThat(FoundProblems.of(plugin)).isEmpty();
    return plugin;
  }

  /** The second time the grace period is over. */
  private static void stopTwice(Lifecycle plugin) throws Exception {
    plugin.stop(Deadline.after(GRACE));
    plugin.stop(Deadline.after(Duration.ZERO));
  }
}

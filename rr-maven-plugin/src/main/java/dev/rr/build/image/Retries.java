package dev.rr.build.image;

import dev.rr.build.BuildException;
import java.io.IOException;
import java.time.Duration;

/** Asks again, a few times and for a while, what a registry could not do. One thread. */
public final class Retries {
  private static final int TRIES = 5;
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration IN_ALL = Duration.ofMinutes(3);

  private final Pause pause;

  /** Waits. */
  interface Pause {
    void sleep(Duration time) throws InterruptedException;
  }

  /** What is tried. */
  interface Step<T> {
    T run() throws Unavailable, BuildException, IOException, InterruptedException;
  }

  /** With waits of a second, two, four and eight, or as long as a registry says, up to a minute. */
  public Retries() {
    this(time -> Thread.sleep(time.toMillis()));
  }

  Retries(Pause pause) {
    this.pause = pause;
  }

  <T> T of(Step<T> step) throws BuildException, IOException, InterruptedException {
    long begun = System.nanoTime();
    for (int tries = 1; ; tries++) {
      try {
        return step.run();
      } catch (Unavailable e) {
        Duration wait = e.after().orElse(FIRST.multipliedBy(1L << (tries - 1)));
        Duration passed = Duration.ofNanos(System.nanoTime() - begun);
        if (tries == TRIES || wait.compareTo(LONGEST) > 0 || passed.compareTo(IN_ALL) > 0) {
          throw new BuildException("%s; tried %d times".formatted(e.getMessage(), tries));
        }
        pause.sleep(wait);
      }
    }
  }
}

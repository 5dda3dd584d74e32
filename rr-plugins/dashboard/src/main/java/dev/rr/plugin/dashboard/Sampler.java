package dev.rr.plugin.dashboard;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The thread that looks: every second while somebody watches, else every ten for the last hour's
 * sake. Where a look is dear, as with hundreds of workers, it looks less often, three times as
 * seldom at most.
 */
final class Sampler {
  private static final long LIVE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long IDLE_NANOS = Duration.ofMillis(History.PERIOD_MILLIS).toNanos();
  private static final int IDLE_SHARE = 1_000;
  private static final int LIVE_SHARE = 20;
  private static final int SELDOM = 3;

  private final Collected collected;
  private final Overview overview;
  private final Viewers viewers;
  private final Pipelines pipelines;
  private final Log log;
  private volatile boolean stopping;
  private @Nullable Thread thread;

  // On the thread.
  private long nextLook;
  private long nextPoint;

  Sampler(Collected collected, Overview overview, Viewers viewers, Pipelines pipelines, Log log) {
    this.collected = collected;
    this.overview = overview;
    this.viewers = viewers;
    this.pipelines = pipelines;
    this.log = log;
  }

  void start() {
    thread = Thread.ofPlatform().name("rr-dashboard").daemon().start(this::run);
  }

  private void run() {
    nextLook = System.nanoTime();
    nextPoint = nextLook;
    while (!stopping) {
      try {
        Viewer newcomer = viewers.await(Math.max(0, nextLook - System.nanoTime()));
        if (newcomer != null) {
          greet(newcomer);
        } else {
          look();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.log(Log.Level.ERROR, "the page was not brought up to date", e);
        nextLook = System.nanoTime() + IDLE_NANOS;
      }
    }
  }

  private void greet(Viewer newcomer) {
    long began = System.nanoTime();
    pipelines.refresh(began);
    Sample sample = Sample.take(collected, log);
    overview.look(sample);
    // Those who were here before get the lines that the newcomer's first event has already.
    viewers.send(overview.changes(sample));
    viewers.greet(newcomer, overview.hello(sample));
    nextLook = next(began, LIVE_NANOS, LIVE_SHARE);
  }

  private void look() {
    long began = System.nanoTime();
    boolean live = !viewers.isEmpty();
    ByteArrayOutputStream events = new ByteArrayOutputStream();
    if (live) {
      pipelines.refresh(began);
    }
    Sample sample = Sample.take(collected, log);
    overview.look(sample);
    if (began - nextPoint >= 0) {
      events.writeBytes(overview.point(sample));
      nextPoint = began + IDLE_NANOS;
    }
    if (live) {
      events.writeBytes(overview.changes(sample));
      viewers.send(events.toByteArray());
    }
    nextLook = live ? next(began, LIVE_NANOS, LIVE_SHARE) : next(began, IDLE_NANOS, IDLE_SHARE);
  }

  /** When to look again after a look that has just ended. */
  private static long next(long began, long period, int share) {
    long took = System.nanoTime() - began;
    return began + Math.clamp(took * share, period, SELDOM * period);
  }

  void stop(Deadline deadline) throws InterruptedException {
    stopping = true;
    viewers.close();
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      running.join(deadline.remaining());
    }
    pipelines.stop();
  }
}

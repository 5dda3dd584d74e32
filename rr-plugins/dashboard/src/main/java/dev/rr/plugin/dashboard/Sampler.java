package dev.rr.plugin.dashboard;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The thread that looks: every second while somebody watches, else every ten for the last hour's
 * sake. Where a look takes much processor time, as with hundreds of workers, it looks less often: a
 * thousandth of a processor while nobody watches, a twentieth otherwise, but three times as seldom
 * at most.
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
  private final Log log;
  private volatile boolean stopping;
  private @Nullable Thread thread;

  // On the thread.
  private long nextLook;
  private long nextPoint;
  private long used;

  Sampler(Collected collected, Overview overview, Viewers viewers, Log log) {
    this.collected = collected;
    this.overview = overview;
    this.viewers = viewers;
    this.log = log;
  }

  void start() {
    thread = Thread.ofPlatform().name("rr-dashboard").daemon().start(this::run);
  }

  private void run() {
    nextLook = System.nanoTime();
    nextPoint = nextLook;
    used = ThreadTime.nanos();
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
    overview.ask(began);
    Sample sample = Sample.take(collected, log);
    overview.look(sample);
    // Those who were here before get the lines that the newcomer's first event has already.
    viewers.send(overview.changes(sample));
    viewers.greet(newcomer, overview.hello(sample));
    schedule(began, true);
  }

  private void look() {
    long began = System.nanoTime();
    boolean live = !viewers.isEmpty();
    ByteArrayOutputStream events = new ByteArrayOutputStream();
    if (live) {
      overview.ask(began);
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
    schedule(began, live);
  }

  /** Says when to look again, after a look that has just ended. */
  private void schedule(long began, boolean live) {
    long before = used;
    used = ThreadTime.nanos();
    long period = live ? LIVE_NANOS : IDLE_NANOS;
    long wanted = (used - before) * (live ? LIVE_SHARE : IDLE_SHARE);
    nextLook = began + Math.clamp(wanted, period, SELDOM * period);
  }

  void stop(Deadline deadline) throws InterruptedException {
    stopping = true;
    viewers.close();
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      running.join(deadline.remaining());
    }
    overview.stop();
  }
}

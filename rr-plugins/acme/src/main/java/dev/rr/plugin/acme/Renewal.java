package dev.rr.plugin.acme;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has a certificate renewed when a third of its lifetime is left, or earlier when the authority
 * suggests it; after a failure again and again, less and less often. Owns the thread {@code
 * acme-renewal}.
 */
final class Renewal {
  /** Looks at least this often, so that a clock that was set or a machine that slept is noticed. */
  private static final Duration LOOK = Duration.ofHours(6);

  private static final Duration CALM = Duration.ofHours(1);
  private static final Duration FIRST_RETRY = Duration.ofMinutes(5);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Work work;
  private final Log log;
  private final Thread thread;
  private volatile boolean stopped;

  /** No suggestion before this counts. On the thread only. */
  private Instant calm = Instant.MIN;

  /** What is asked for. */
  interface Work {
    /** The certificate that is served now. */
    X509Certificate certificate();

    /** When the authority would like to see it renewed. */
    Optional<Instant> suggestion() throws AcmeFault, InterruptedException;

    /** Gets the next one and puts it in the place of the current one. */
    void renew() throws AcmeFault, InterruptedException;
  }

  Renewal(Work work, Log log) {
    this.work = work;
    this.log = log;
    this.thread = Thread.ofPlatform().name("acme-renewal").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!stopped) {
        awaitDue();
        renew();
      }
    } catch (InterruptedException e) {
      // stopped
    }
  }

  private void awaitDue() throws InterruptedException {
    X509Certificate certificate = work.certificate();
    Instant due = due(certificate);
    Duration look = min(LOOK, lifetime(certificate).dividedBy(10));
    while (Instant.now().isBefore(due)) {
      Instant suggested = suggestion();
      if (suggested != null && suggested.isBefore(due)) {
        due = suggested.isBefore(calm) ? calm : suggested;
      }
      sleep(min(look, Duration.between(Instant.now(), due)));
    }
  }

  private @Nullable Instant suggestion() throws InterruptedException {
    try {
      return work.suggestion().orElse(null);
    } catch (AcmeFault e) {
      // The third of its lifetime is enough to go by.
      log.debug("the authority suggests no time for the renewal", "error", e.getMessage());
      return null;
    }
  }

  private void renew() throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        work.renew();
        // An authority that always suggests the past must not be asked without end.
        calm = Instant.now().plus(min(CALM, lifetime(work.certificate()).dividedBy(10)));
        return;
      } catch (AcmeFault e) {
        if (stopped) {
          return;
        }
        Duration wait = retry(failures, work.certificate(), e.notBefore(), Instant.now());
        log.warn(
            "certificate not renewed, the old one stays",
            "error",
            e.getMessage(),
            "valid_until",
            work.certificate().getNotAfter().toInstant(),
            "next_try_in",
            wait.toSeconds() + "s");
        sleep(wait);
      }
    }
  }

  /** When a third of its lifetime is left. */
  static Instant due(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().minus(lifetime(certificate).dividedBy(3));
  }

  /**
   * How long to wait after a failure: twice as long each time, but a tenth of the time left at
   * most, and never less than the authority asked for.
   *
   * @param failures how many there were, at least 1
   */
  static Duration retry(
      int failures, X509Certificate certificate, @Nullable Instant notBefore, Instant now) {
    Duration wait = min(LOOK, FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 10)));
    Instant end = certificate.getNotAfter().toInstant();
    if (now.isBefore(end)) {
      wait = max(SHORTEST, min(wait, Duration.between(now, end).dividedBy(10)));
    }
    return notBefore == null ? wait : max(wait, min(LOOK, Duration.between(now, notBefore)));
  }

  private static Duration lifetime(X509Certificate certificate) {
    return Duration.between(
        certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private void sleep(Duration wait) throws InterruptedException {
    if (stopped) {
      // Whoever talked to the authority may have taken the interrupt for a failure of the network.
      throw new InterruptedException("stopped");
    }
    Thread.sleep(max(wait, Duration.ofMillis(1)));
  }

  /** Ends the thread, and with it a renewal under way; waits for it until the deadline. */
  void stop(Deadline deadline) throws InterruptedException {
    stopped = true;
    thread.interrupt();
    thread.join(max(Duration.ofMillis(1), deadline.remaining()));
  }
}

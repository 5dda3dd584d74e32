package dev.rr.plugin.service;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.plugin.service.ServiceConfig.Service;
import dev.rr.process.GroupGuard;
import dev.rr.process.LineReader;
import dev.rr.process.ProcessEnd;
import dev.rr.process.ProcessGroup;
import dev.rr.process.ProcessStarter;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One place of a service: a process, and after its end the next one, where that is asked. A thread
 * of its own starts it and lives as long: the kernel ends a process with the thread that started
 * it. Any thread may stop it and look at it.
 */
final class ServiceProcess {
  /** A process that ends sooner, and not well, makes the next one wait longer. */
  private static final Duration EARLY = Duration.ofSeconds(10);

  /**
   * As long as a process that fails again and again waits, unless it is configured to wait longer.
   */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private static final long START_SECONDS = 30;
  private static final long SETTLE_MILLIS = 500;

  private final ServiceSpec spec;
  private final String name;
  private final Service config;
  private final GroupGuard guard;
  private final Log log;
  private final Log output;
  private final Thread thread;
  private final CompletableFuture<Optional<IOException>> firstStart = new CompletableFuture<>();
  private final CountDownLatch stopped = new CountDownLatch(1);

  private volatile @Nullable Process process;
  // Counted from the request on, however long somebody else is waited for.
  private volatile @Nullable Deadline stopBy;
  // What the process had started when it was asked to end: its group has not all of it.
  private volatile List<ProcessHandle> tree = List.of();

  // The thread's own.
  private int failures;

  /**
   * A place where nothing runs yet.
   *
   * @param number which of the service's places it is
   * @param log gets what becomes of the process
   * @param output gets what it prints
   */
  ServiceProcess(ServiceSpec spec, int number, GroupGuard guard, Log log, Log output) {
    this.spec = spec;
    this.name = spec.name();
    this.config = spec.config();
    this.guard = guard;
    this.log = log;
    this.output = output;
    this.thread =
        Thread.ofPlatform().name("rr-service-" + name + "-" + number).unstarted(this::live);
  }

  /**
   * Starts the first process and waits for that.
   *
   * @throws IOException in words for the user when it cannot be started
   */
  void start() throws IOException, InterruptedException {
    try {
      thread.start();
      Optional<IOException> failure = firstStart.get(START_SECONDS, TimeUnit.SECONDS);
      if (failure.isPresent()) {
        throw failure.get();
      }
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (OutOfMemoryError noThread) {
      // So the JVM says that the system has no thread left.
      throw new IOException("no thread for a process: " + noThread.getMessage(), noThread);
    } catch (TimeoutException e) {
      throw new IOException(
          "service " + name + " was not started within " + START_SECONDS + " s", e);
    }
  }

  /** Asks the process to end, and the next one not to come. Returns at once. */
  void interrupt() {
    if (stopBy == null) {
      stopBy = Deadline.after(config.stopTimeout());
    }
    stopped.countDown();
    Process running = process;
    if (running != null && running.isAlive()) {
      interrupt(running);
    }
  }

  private void interrupt(Process running) {
    remember(running);
    ProcessGroup.interrupt(running);
  }

  // Asked again, it may be dead and its children without the parent by which they are found: what
  // was found stays.
  private synchronized void remember(Process running) {
    tree = Stream.concat(tree.stream(), running.descendants()).distinct().toList();
  }

  /** After {@link #interrupt}: waits for the end, and kills what does not end in time. */
  void awaitEnd(Deadline deadline) throws InterruptedException {
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    Deadline own = stopBy;
    if (!thread.join((own == null ? deadline : deadline.within(own.remaining())).remaining())) {
      Process running = process;
      if (running != null) {
        log.warn(
            "service did not stop in time, it is killed",
            "name",
            name,
            "pid",
            running.pid(),
            "timeout",
            config.timeoutStopSec() + "s");
        ProcessGroup.kill(running);
      }
      thread.join(Duration.ofSeconds(3));
    }
  }

  /** The process that runs, or the last one that did. */
  Optional<Process> process() {
    return Optional.ofNullable(process);
  }

  // ---- the thread's ----------------------------------------------------------------------------

  private void live() {
    try {
      do {
        runOnce();
      } while (config.remainAfterExit() && !isStopped() && pause());
    } catch (InterruptedException e) {
      log.error("service was interrupted", "name", name);
    } finally {
      // Whoever waits for the first start must not wait for a thread that is gone.
      firstStart.complete(Optional.empty());
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void runOnce() throws InterruptedException {
    if (isStopped()) {
      return;
    }
    Process started;
    try {
      started =
          ProcessStarter.prepare(spec.command())
              .redirectErrorStream(true)
              .redirectInput(Redirect.from(new File("/dev/null")))
              .start();
    } catch (IOException e) {
      failures++;
      if (!firstStart.complete(Optional.of(e))) {
        log.error("service could not be started", "name", name, "error", e.getMessage());
      }
      return;
    }
    guard.add(started);
    process = started;
    if (isStopped()) {
      // The stop came before there was something to stop.
      interrupt(started);
    }
    log.info(
        "service was started",
        "name",
        name,
        "command",
        spec.command().text(),
        "pid",
        started.pid());
    firstStart.complete(Optional.empty());
    attend(started);
  }

  private void attend(Process started) throws InterruptedException {
    LineReader reader = LineReader.start("service-" + name, started, line -> output.info(line));
    long begun = System.nanoTime();
    boolean late = !awaitEnd(started);
    if (late) {
      remember(started);
    }
    // What it has started and left would hold its stdout, its port, its lock.
    ProcessGroup.kill(started);
    tree.forEach(ProcessHandle::destroyForcibly);
    tree = List.of();
    started.waitFor();
    guard.remove(started);
    reader.settle(SETTLE_MILLIS);
    Duration lived = Duration.ofNanos(System.nanoTime() - begun);
    ended(started, late, lived);
  }

  /** Whether it ended by itself. */
  private boolean awaitEnd(Process started) throws InterruptedException {
    if (config.execTimeout().isZero()) {
      started.waitFor();
      return true;
    }
    return started.waitFor(config.execTimeout());
  }

  private void ended(Process process, boolean late, Duration lived) {
    String end = late ? "killed after exec_timeout" : ProcessEnd.text(process);
    if (isStopped()) {
      log.info("service was stopped", "name", name, "command", spec.command().text(), "end", end);
      return;
    }
    boolean failed = !late && process.exitValue() != 0;
    failures = failed && lived.compareTo(EARLY) < 0 ? failures + 1 : 0;
    if (failed) {
      log.error("service ended", "name", name, "command", spec.command().text(), "end", end);
    } else {
      log.info("service ended", "name", name, "command", spec.command().text(), "end", end);
    }
  }

  /** Waits before the next start; false when there is none. */
  private boolean pause() throws InterruptedException {
    Duration pause = pauseAfter(failures, config.restartPause());
    if (failures > 1) {
      log.warn(
          "service fails again and again, its next start waits",
          "name",
          name,
          "failures",
          failures,
          "pause",
          pause.toSeconds() + "s");
    }
    // Looked at after the sleep as well as during it: nothing starts once it was stopped.
    return !stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The configured pause, doubled with each failure in a row but the first. */
  static Duration pauseAfter(int failures, Duration configured) {
    if (failures <= 1 || configured.compareTo(LONGEST_PAUSE) >= 0) {
      return configured;
    }
    Duration longer = configured.multipliedBy(1L << Math.min(failures - 1, 10));
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }
}

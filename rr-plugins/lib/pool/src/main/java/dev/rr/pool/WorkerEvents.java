package dev.rr.pool;

import dev.rr.api.log.Log;
import java.util.function.LongSupplier;

/**
 * What one worker has to say to the log, with upstream's event names, on which filters match. The
 * owner reports what it saw itself, the watcher what it did to the worker; so any thread.
 */
final class WorkerEvents {
  private final Log log;
  private final LongSupplier pid;

  WorkerEvents(Log log, LongSupplier pid) {
    this.log = log;
    this.pid = pid;
  }

  /**
   * It is ready.
   *
   * @param maxExecs payloads that it takes; 0 for no limit
   */
  void allocated(long maxExecs) {
    log.debug(
        "worker is allocated",
        "pid",
        pid.getAsLong(),
        "max_execs",
        maxExecs,
        "internal_event_name",
        "EventWorkerConstruct");
  }

  void gone() {
    log.debug(
        "worker is gone", "pid", pid.getAsLong(), "internal_event_name", "EventWorkerDestruct");
  }

  void threadFailed(Exception fault) {
    log.log(Log.Level.ERROR, "worker thread failed", fault, "pid", pid.getAsLong());
  }

  void sentSurplus() {
    log.warn(
        "worker sent more than one answer to a request, it is replaced", "pid", pid.getAsLong());
  }

  void softError(String text) {
    log.warn(
        "worker error",
        "pid",
        pid.getAsLong(),
        "reason",
        text,
        "internal_event_name",
        "EventWorkerSoftError");
  }

  void tookTooLong(String words) {
    warn("worker took longer than allowed and was killed" + words, "EventExecTTL");
  }

  void brokeOff(String how) {
    warn("worker broke off during a request, " + how, "EventWorkerError");
  }

  void endedOnItsOwn(String how) {
    warn("worker ended on its own, " + how, "EventWorkerWaitExit");
  }

  void ignoresStop() {
    log.warn("worker doesn't respond on stop command, killing process", "pid", pid.getAsLong());
  }

  void printed(long bytes, String text) {
    log.warn(
        "worker printed on stdout, which belongs to its answers; the text was skipped. Print"
            + " to stderr (error_log, php://stderr), or set display_errors=stderr",
        "pid",
        pid.getAsLong(),
        "bytes",
        bytes,
        "text",
        text);
  }

  private void warn(String message, String event) {
    log.warn(message, "pid", pid.getAsLong(), "internal_event_name", event);
  }
}

package dev.rr.pool;

import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.ExecException.Kind;
import java.time.Duration;

/** The pool's errors in upstream's words, on which clients match. */
final class Errors {
  private static final String RECEIVE = "sync_worker_receive_frame: ";

  private Errors() {}

  static ExecException soft(String text) {
    return new ExecException(Kind.SOFT_JOB, RECEIVE + "SoftJobError: " + text);
  }

  static ExecException network(String cause) {
    return new ExecException(Kind.NETWORK, RECEIVE + "Network: " + cause);
  }

  static ExecException junk(String text) {
    return new ExecException(Kind.NETWORK, RECEIVE + "Network:\n\t" + validation(text));
  }

  static String validation(String text) {
    return "goridge_frame_receive: validation failed on the message sent to STDOUT, see: "
        + "https://docs.roadrunner.dev/error-codes/stdout-crc, invalid message: "
        + text;
  }

  static ExecException decode(String cause) {
    return new ExecException(Kind.DECODE, RECEIVE + "Decode: " + cause);
  }

  static ExecException execTtl() {
    return new ExecException(
        Kind.EXEC_TTL, "worker_exec_with_timeout: ExecTTL: context deadline exceeded");
  }

  static ExecException noFreeWorkers() {
    return new ExecException(
        Kind.NO_FREE_WORKERS, "static_pool_exec: NoFreeWorkers:\n\tstatic_pool_exec");
  }

  static ExecException queueSize() {
    return new ExecException(
        Kind.QUEUE_SIZE, "static_pool_exec: QueueSize: max queue size reached");
  }

  static ExecException empty() {
    return new ExecException(Kind.EMPTY_PAYLOAD, "static_pool_exec: payload can not be empty");
  }

  static ExecException stopped() {
    return new ExecException(
        Kind.STOPPED,
        "static_pool_exec: Workers watcher stopped:\n\tstatic_pool_exec:\n\t"
            + "worker_watcher_get_free_worker");
  }

  static ExecException cancelled() {
    return new ExecException(Kind.CANCELLED, "static_pool_exec: context canceled");
  }

  static ExecException allocate(String cause) {
    return new ExecException(
        Kind.WORKER_ALLOCATE, "static_pool_allocate_workers: WorkerAllocate: " + cause);
  }

  static String spawnTimeout(Duration timeout) {
    return "the worker was not ready within "
        + text(timeout)
        + " (pool.allocate_timeout): failed to spawn a worker, possible reasons: "
        + "https://docs.roadrunner.dev/error-codes/allocate-timeout";
  }

  private static String text(Duration time) {
    return time.toMillis() >= 1000 && time.toMillis() % 1000 == 0
        ? time.toSeconds() + "s"
        : time.toMillis() + "ms";
  }
}

package dev.rr.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.error.OperationException;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.ExecException.Kind;
import java.time.Duration;

/** The pool's errors in upstream's words, on which clients match. */
final class Errors {
  private static final String RECEIVE = "sync_worker_receive_frame";
  private static final String EXEC = "static_pool_exec";

  private Errors() {}

  private static ExecException failed(Kind kind, OperationException told) {
    return new ExecException(kind, String.valueOf(told.getMessage()));
  }

  static ExecException soft(byte[] said) {
    OperationException told =
        OperationException.of(RECEIVE, "SoftJobError", new String(said, UTF_8));
    return new ExecException(Kind.SOFT_JOB, String.valueOf(told.getMessage()), said);
  }

  static ExecException network(String cause) {
    return failed(Kind.NETWORK, OperationException.of(RECEIVE, "Network", cause));
  }

  static ExecException junk(String text) {
    return failed(Kind.NETWORK, OperationException.within(RECEIVE, "Network", validation(text)));
  }

  static OperationException validation(String text) {
    return OperationException.of(
        "goridge_frame_receive",
        "validation failed on the message sent to STDOUT, see: "
            + "https://docs.roadrunner.dev/error-codes/stdout-crc, invalid message: "
            + text);
  }

  static ExecException decode(String cause) {
    return failed(Kind.DECODE, OperationException.of(RECEIVE, "Decode", cause));
  }

  static ExecException execTtl() {
    return failed(
        Kind.EXEC_TTL,
        OperationException.of("worker_exec_with_timeout", "ExecTTL", "context deadline exceeded"));
  }

  static ExecException noFreeWorkers() {
    return failed(
        Kind.NO_FREE_WORKERS,
        OperationException.within(EXEC, OperationException.ofKind(EXEC, "NoFreeWorkers")));
  }

  static ExecException queueSize() {
    return failed(
        Kind.QUEUE_SIZE, OperationException.of(EXEC, "QueueSize", "max queue size reached"));
  }

  static ExecException empty() {
    return failed(Kind.EMPTY_PAYLOAD, OperationException.of(EXEC, "payload can not be empty"));
  }

  static ExecException stopped() {
    OperationException noWorker =
        OperationException.ofKind("worker_watcher_get_free_worker", "Workers watcher stopped");
    return failed(
        Kind.STOPPED, OperationException.within(EXEC, OperationException.within(EXEC, noWorker)));
  }

  static ExecException cancelled() {
    return failed(Kind.CANCELLED, OperationException.of(EXEC, "context canceled"));
  }

  static ExecException allocate(String cause) {
    return failed(
        Kind.WORKER_ALLOCATE,
        OperationException.of("static_pool_allocate_workers", "WorkerAllocate", cause));
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

package dev.rr.plugin.grpc;

import dev.rr.api.grpc.ForwardingGrpcReply;
import dev.rr.api.grpc.GrpcCall;
import dev.rr.api.grpc.GrpcHandler;
import dev.rr.api.grpc.GrpcReply;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.log.Log;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts calls, measures and logs them, interceptors and all. */
final class ObservingHandler implements GrpcHandler {
  private final GrpcHandler next;
  private final GrpcMetrics metrics;
  private final Log log;

  ObservingHandler(GrpcHandler next, GrpcMetrics metrics, Log log) {
    this.next = next;
    this.metrics = metrics;
    this.log = log;
  }

  @Override
  public void handle(GrpcCall call, GrpcReply reply) {
    metrics.begun();
    Observed observed = new Observed(call, reply);
    try {
      next.handle(call, observed);
    } catch (RuntimeException e) {
      log.log(Log.Level.ERROR, "a call could not be handled", e);
      observed.fail(GrpcStatus.of(GrpcStatus.INTERNAL, "internal error"));
    }
  }

  /** Sees the answer on its way. */
  private final class Observed extends ForwardingGrpcReply {
    private final String method;
    private final Instant start = Instant.now();
    private final long began = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();

    Observed(GrpcCall call, GrpcReply reply) {
      super(reply);
      this.method = "/" + call.service() + "/" + call.method();
    }

    @Override
    public void message(byte[] message) {
      succeeded();
      super.message(message);
    }

    @Override
    public void end() {
      succeeded();
      super.end();
    }

    private void succeeded() {
      if (ended.compareAndSet(false, true)) {
        long nanos = count(0);
        if (log.enabled(Log.Level.DEBUG)) {
          log.debug(
              "method was called successfully",
              "method",
              method,
              "start",
              start,
              "elapsed",
              TimeUnit.NANOSECONDS.toMillis(nanos));
        }
      }
    }

    @Override
    public void fail(GrpcStatus status) {
      if (ended.compareAndSet(false, true)) {
        long nanos = count(status.code());
        log.error(
            "method call was finished with error",
            "error",
            status.text(),
            "method",
            method,
            "start",
            start,
            "elapsed",
            TimeUnit.NANOSECONDS.toMillis(nanos));
        super.fail(status);
      }
    }

    private long count(int code) {
      long nanos = System.nanoTime() - began;
      metrics.ended(method, GrpcStatus.name(code), nanos);
      return nanos;
    }
  }
}

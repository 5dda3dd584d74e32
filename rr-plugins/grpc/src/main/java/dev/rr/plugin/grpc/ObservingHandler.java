package dev.rr.plugin.grpc;

import dev.rr.api.grpc.ForwardingGrpcReply;
import dev.rr.api.grpc.GrpcCall;
import dev.rr.api.grpc.GrpcHandler;
import dev.rr.api.grpc.GrpcReply;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.log.Log;
import dev.rr.api.trace.Span;
import dev.rr.api.trace.Tracer;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The outermost of the chain: counts calls, measures, logs and traces them. */
final class ObservingHandler implements GrpcHandler {
  private final GrpcHandler next;
  private final GrpcMetrics metrics;
  private final Optional<Tracer> tracer;
  private final Log log;

  ObservingHandler(GrpcHandler next, GrpcMetrics metrics, Optional<Tracer> tracer, Log log) {
    this.next = next;
    this.metrics = metrics;
    this.tracer = tracer;
    this.log = log;
  }

  @Override
  public void handle(GrpcCall call, GrpcReply reply) {
    metrics.begun();
    Span span = begin(call);
    Observed observed = new Observed(call, reply, span);
    try {
      next.handle(call, observed);
    } catch (RuntimeException e) {
      log.log(Log.Level.ERROR, "a call could not be handled", e);
      observed.fail(GrpcStatus.of(GrpcStatus.INTERNAL, "internal error"));
    }
  }

  private Span begin(GrpcCall call) {
    if (tracer.isEmpty()) {
      return Span.NONE;
    }
    Span span =
        tracer
            .get()
            .begin(
                call.service() + "/" + call.method(),
                Tracer.Kind.SERVER,
                field -> {
                  String value = call.metadata().get(field, "");
                  return value.isEmpty() ? null : value;
                });
    span.attribute("rpc.system", "grpc")
        .attribute("rpc.service", call.service())
        .attribute("rpc.method", call.method());
    call.notes().put(Span.NOTE, span);
    return span;
  }

  /** Sees the answer on its way. */
  private final class Observed extends ForwardingGrpcReply {
    private final String method;
    private final Span span;
    private final Instant start = Instant.now();
    private final long began = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();

    Observed(GrpcCall call, GrpcReply reply, Span span) {
      super(reply);
      this.method = "/" + call.service() + "/" + call.method();
      this.span = span;
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
        span.end();
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
        span.error(status.message());
        span.end();
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
      span.attribute("rpc.grpc.status_code", code);
      return nanos;
    }
  }
}

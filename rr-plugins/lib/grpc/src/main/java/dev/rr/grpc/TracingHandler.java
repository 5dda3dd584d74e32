package dev.rr.grpc;

import dev.rr.api.grpc.ForwardingGrpcReply;
import dev.rr.api.grpc.GrpcCall;
import dev.rr.api.grpc.GrpcHandler;
import dev.rr.api.grpc.GrpcReply;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.trace.Span;
import dev.rr.api.trace.Tracer;
import java.util.Optional;

/**
 * Makes each call a span below the caller's, which those behind find among the call's notes. Any
 * thread.
 */
public final class TracingHandler implements GrpcHandler {
  private final GrpcHandler next;
  private final Tracer tracer;

  private TracingHandler(GrpcHandler next, Tracer tracer) {
    this.next = next;
    this.tracer = tracer;
  }

  /** A handler whose calls are traced where anybody traces. */
  public static GrpcHandler around(GrpcHandler next, Optional<Tracer> tracer) {
    return tracer.isEmpty() ? next : new TracingHandler(next, tracer.get());
  }

  @Override
  public void handle(GrpcCall call, GrpcReply reply) {
    Span span = begin(call);
    call.notes().put(Span.NOTE, span);
    next.handle(call, new Traced(reply, span));
  }

  private Span begin(GrpcCall call) {
    return tracer
        .begin(
            call.service() + "/" + call.method(),
            Tracer.Kind.SERVER,
            field -> {
              String value = call.metadata().get(field, "");
              return value.isEmpty() ? null : value;
            })
        .attribute("rpc.system", "grpc")
        .attribute("rpc.service", call.service())
        .attribute("rpc.method", call.method());
  }

  /** Ends the span with the answer. */
  private static final class Traced extends ForwardingGrpcReply {
    private final Span span;

    Traced(GrpcReply reply, Span span) {
      super(reply);
      this.span = span;
    }

    @Override
    public void message(byte[] message) {
      ended(0);
      super.message(message);
    }

    @Override
    public void end() {
      ended(0);
      super.end();
    }

    @Override
    public void fail(GrpcStatus status) {
      span.error(status.message());
      ended(status.code());
      super.fail(status);
    }

    private void ended(int code) {
      span.attribute("rpc.grpc.status_code", code).end();
    }
  }
}

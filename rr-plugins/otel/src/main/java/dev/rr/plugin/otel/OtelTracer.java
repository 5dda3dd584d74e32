package dev.rr.plugin.otel;

import dev.rr.api.trace.Span;
import dev.rr.api.trace.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The contract on OpenTelemetry's API. Any thread; nothing is kept in thread-locals. */
final class OtelTracer implements Tracer {
  private static final AttributeKey<String> EXCEPTION_MESSAGE =
      AttributeKey.stringKey("exception.message");

  /** Baggage a second time, in fields that upstream does not send. */
  private static final String JAEGER_BAGGAGE = "uberctx-";

  /** As PHP is used to see names. */
  private static final Map<String, String> NAMES =
      Map.of(
          "traceparent", "Traceparent",
          "tracestate", "Tracestate",
          "baggage", "Baggage",
          "uber-trace-id", "Uber-Trace-Id");

  private final TextMapPropagator propagator;
  private volatile io.opentelemetry.api.trace.Tracer tracer = TracerProvider.noop().get("rr");

  /** Begins spans that nobody hears of until {@link #use}. */
  OtelTracer(TextMapPropagator propagator) {
    this.propagator = propagator;
  }

  /** Begins spans with {@code next} from now on. */
  void use(io.opentelemetry.api.trace.Tracer next) {
    tracer = next;
  }

  @Override
  public Span begin(String name, Kind kind, Function<String, @Nullable String> incoming) {
    Context parent = propagator.extract(Context.root(), incoming, new Fields());
    return new Traced(parent, name, SpanKind.valueOf(kind.name()));
  }

  private final class Traced implements Span {
    private final io.opentelemetry.api.trace.Span span;
    private final Context context;

    Traced(Context parent, String name, SpanKind kind) {
      span = tracer.spanBuilder(name).setParent(parent).setSpanKind(kind).startSpan();
      context = parent.with(span);
    }

    @Override
    public Span attribute(String name, String value) {
      span.setAttribute(name, value);
      return this;
    }

    @Override
    public Span attribute(String name, long value) {
      span.setAttribute(name, value);
      return this;
    }

    @Override
    public Span rename(String name) {
      span.updateName(name);
      return this;
    }

    @Override
    public Span error(String message) {
      span.setStatus(StatusCode.ERROR, message);
      if (!message.isEmpty()) {
        span.addEvent("exception", Attributes.of(EXCEPTION_MESSAGE, message));
      }
      return this;
    }

    @Override
    public Span child(String name) {
      return new Traced(context, name, SpanKind.INTERNAL);
    }

    @Override
    public void inject(BiConsumer<String, String> outgoing) {
      propagator.inject(
          context,
          outgoing,
          (to, name, value) -> {
            if (!name.startsWith(JAEGER_BAGGAGE)) {
              outgoing.accept(NAMES.getOrDefault(name, name), value);
            }
          });
    }

    @Override
    public void end() {
      span.end();
    }
  }

  /** Reads fields by name; the propagators in use never ask for all names. */
  private static final class Fields implements TextMapGetter<Function<String, @Nullable String>> {
    @Override
    public Iterable<String> keys(Function<String, @Nullable String> carrier) {
      return List.of();
    }

    @Override
    public @Nullable String get(@Nullable Function<String, @Nullable String> carrier, String key) {
      return carrier == null ? null : carrier.apply(key);
    }
  }
}

package dev.rr.api.trace;

import dev.rr.annotation.Contract;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Begins traces. Any thread. */
@Contract
public interface Tracer {
  /** The side of a remote call that a span is for. */
  enum Kind {
    SERVER,
    CLIENT,
    PRODUCER,
    CONSUMER,
    INTERNAL
  }

  /**
   * Begins a span; whoever begins it ends it.
   *
   * @param name what happens, for example the request target
   * @param incoming gives the fields by which the caller passed its own trace on ({@code
   *     traceparent}, …), null for a field that is not there
   */
  Span begin(String name, Kind kind, Function<String, @Nullable String> incoming);
}

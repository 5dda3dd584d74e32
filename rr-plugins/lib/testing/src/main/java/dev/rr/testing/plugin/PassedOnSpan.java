package dev.rr.testing.plugin;

import dev.rr.api.trace.Span;
import java.util.function.BiConsumer;

/**
 * A span that is passed on in the field {@code Traceparent} as {@code 00-in-01}.
 *
 * @param span is told everything
 */
public record PassedOnSpan(Span span) implements Span {
  @Override
  public Span attribute(String name, String value) {
    var unused = span.attribute(name, value);
    return this;
  }

  @Override
  public Span attribute(String name, long value) {
    var unused = span.attribute(name, value);
    return this;
  }

  @Override
  public Span rename(String name) {
    var unused = span.rename(name);
    return this;
  }

  @Override
  public Span error(String message) {
    var unused = span.error(message);
    return this;
  }

  @Override
  public Span child(String name) {
    return span.child(name);
  }

  @Override
  public void inject(BiConsumer<String, String> outgoing) {
    outgoing.accept("Traceparent", "00-in-01");
  }

  @Override
  public void end() {
    span.end();
  }
}

package dev.rr.plugin.newrelic;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.trace.Span;
import dev.rr.api.trace.Tracer;

/**
 * The bridge to a tracer: a transaction is a server span. An ignored one is never ended, so it is
 * never exported.
 */
final class TracerAgent implements Agent {
  private final Tracer tracer;
  private final String application;

  TracerAgent(Tracer tracer, String application) {
    this.tracer = tracer;
    this.application = application;
  }

  @Override
  public Transaction begin(String name, HttpHeaders incoming) {
    Span span = tracer.begin(name, Tracer.Kind.SERVER, incoming::get);
    return new SpanTransaction(span.attribute("newrelic.app_name", application));
  }

  private static final class SpanTransaction implements Transaction {
    private final Span span;
    private boolean ignored;

    SpanTransaction(Span span) {
      this.span = span;
    }

    @Override
    public void rename(String name) {
      span.rename(name);
    }

    @Override
    public void attribute(String name, String value) {
      span.attribute(name, value);
    }

    @Override
    public void error(String type, String message) {
      span.attribute("error.type", type).error(message);
    }

    @Override
    public void ignore() {
      ignored = true;
    }

    @Override
    public void inject(HttpHeaders outgoing) {
      span.inject(outgoing::set);
    }

    @Override
    public void end() {
      if (!ignored) {
        span.end();
      }
    }
  }
}

package dev.rr.api.trace;

import java.util.function.BiConsumer;

/** A piece of work that is being traced. Any thread; after {@link #end} everything is ignored. */
public interface Span {
  /**
   * The key under which the span of a request is in its notes, for those who come later in the
   * chain.
   */
  String NOTE = Span.class.getName();

  /** Nothing is traced. */
  Span NONE =
      new Span() {
        @Override
        public Span attribute(String name, String value) {
          return this;
        }

        @Override
        public Span attribute(String name, long value) {
          return this;
        }

        @Override
        public Span rename(String name) {
          return this;
        }

        @Override
        public Span error(String message) {
          return this;
        }

        @Override
        public Span child(String name) {
          return this;
        }

        @Override
        public void inject(BiConsumer<String, String> outgoing) {}

        @Override
        public void end() {}
      };

  /** Notes a fact, under the names of OpenTelemetry's semantic conventions. */
  Span attribute(String name, String value);

  /** Notes a number. */
  Span attribute(String name, long value);

  /** Renames the span. */
  Span rename(String name);

  /** Marks the span as failed; what is not empty becomes an event {@code exception} as well. */
  Span error(String message);

  /** Begins a piece of this work. */
  Span child(String name);

  /** Gives the fields that pass this span on, to be set on an outgoing request. */
  void inject(BiConsumer<String, String> outgoing);

  /** Ends the span. */
  void end();
}

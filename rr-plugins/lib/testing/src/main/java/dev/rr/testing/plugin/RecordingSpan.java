package dev.rr.testing.plugin;

import dev.rr.api.trace.Span;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A span that writes down what it is told; its children write into the same list.
 *
 * @param heard gets a line for each call: {@code name=value}, {@code rename x}, {@code error x},
 *     {@code child x}, {@code end}; of a kind that threads may share where they do
 */
public record RecordingSpan(List<String> heard) implements Span {
  @Override
  public Span attribute(String name, String value) {
    heard.add(name + "=" + value);
    return this;
  }

  @Override
  public Span attribute(String name, long value) {
    return attribute(name, Long.toString(value));
  }

  @Override
  public Span rename(String name) {
    heard.add("rename " + name);
    return this;
  }

  @Override
  public Span error(String message) {
    heard.add("error " + message);
    return this;
  }

  @Override
  public Span child(String name) {
    heard.add("child " + name);
    return this;
  }

  @Override
  public void inject(BiConsumer<String, String> outgoing) {}

  @Override
  public void end() {
    heard.add("end");
  }
}

package dev.rr.os;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Handlers for signals, put back when closed. One owner. */
public final class Signals implements AutoCloseable {
  /** One handler to put back. */
  private record Replaced(Signal signal, SignalHandler before) {}

  private final List<Replaced> replaced = new ArrayList<>();

  /**
   * Handles a signal from now on.
   *
   * @param name without the prefix, for example {@code TERM}
   * @param handler called on a thread of the JVM's for every arrival
   * @return why it cannot be handled; empty when it is
   */
  public Optional<String> handle(String name, Runnable handler) {
    try {
      Signal signal = new Signal(name);
      replaced.add(new Replaced(signal, Signal.handle(signal, s -> handler.run())));
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    replaced.reversed().forEach(r -> Signal.handle(r.signal(), r.before()));
    replaced.clear();
  }
}

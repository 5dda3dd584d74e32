package dev.rr.build;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Tells how long each part of a build took. One thread. */
public final class Timer {
  private final LongSupplier nanos;
  private final long start;
  private final Map<String, Long> parts = new LinkedHashMap<>();
  private long last;

  /** Starts now. */
  public Timer() {
    this(System::nanoTime);
  }

  Timer(LongSupplier nanos) {
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.last = start;
  }

  /** Counts the time since the last lap to this part. */
  public void lap(String part) {
    long now = nanos.getAsLong();
    parts.merge(part, now - last, Long::sum);
    last = now;
  }

  /** {@code 2,345 ms: resolve 300 ms, …}. */
  @Override
  public String toString() {
    String each =
        parts.entrySet().stream()
            .map(e -> e.getKey() + " " + millis(e.getValue()))
            .collect(Collectors.joining(", "));
    return millis(last - start) + " (" + each + ")";
  }

  private static String millis(long nanos) {
    return nanos / 1_000_000 + " ms";
  }
}

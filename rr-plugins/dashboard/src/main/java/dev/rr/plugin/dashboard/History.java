package dev.rr.plugin.dashboard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last hour: a point every ten seconds, some 100 kB in all. One thread. */
final class History {
  static final long PERIOD_MILLIS = 10_000;
  static final int POINTS = 360;

  /** Points of a minute. */
  private static final int MINUTE = 6;

  /**
   * How it was.
   *
   * @param at Unix time in milliseconds
   * @param requests a second since the point before
   * @param failed of those
   * @param memory of all workers, in bytes
   * @param latencies since the point before; null where nobody measures them
   */
  record Point(
      long at,
      double requests,
      double failed,
      int queued,
      int working,
      int workers,
      long memory,
      @Nullable Latencies latencies) {
    /** As the page takes it; the latencies as percentiles. */
    List<@Nullable Object> json() {
      List<@Nullable Object> all = new ArrayList<>();
      all.add(at);
      all.add(requests);
      all.add(failed);
      all.add(queued);
      all.add(working);
      all.add(workers);
      all.add(memory);
      all.addAll(Latencies.shown(latencies));
      return all;
    }
  }

  private final Deque<Point> points = new ArrayDeque<>(POINTS);

  void add(Point point) {
    if (points.size() == POINTS) {
      points.removeFirst();
    }
    points.addLast(point);
  }

  List<List<@Nullable Object>> json() {
    return points.stream().map(Point::json).toList();
  }

  /** Of the last minute. */
  @Nullable Latencies lastMinute() {
    return sum(MINUTE);
  }

  /** Of all points. */
  @Nullable Latencies lastHour() {
    return sum(POINTS);
  }

  private @Nullable Latencies sum(int most) {
    return points.reversed().stream()
        .limit(most)
        .map(Point::latencies)
        .filter(java.util.Objects::nonNull)
        .reduce(Latencies::plus)
        .orElse(null);
  }
}

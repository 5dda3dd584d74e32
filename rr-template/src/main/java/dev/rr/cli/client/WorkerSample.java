package dev.rr.cli.client;

import dev.rr.cli.client.WorkersView.Asker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a server said of its workers and pipelines at one moment. Immutable.
 *
 * @param nanos when, by {@link System#nanoTime}
 * @param workers by plugin, in the order asked
 * @param tables pipelines, as drawn; empty when there are none
 * @param fault why there is nothing; empty when there is
 */
record WorkerSample(long nanos, List<Group> workers, String tables, String fault) {
  private static final Duration LIMIT = Duration.ofSeconds(70);

  /** The workers of one plugin. */
  record Group(String plugin, List<Row> rows) {}

  /** One worker. {@code perSecond} is the rate of its executions since the sample before. */
  record Row(
      long pid,
      String status,
      long execs,
      double perSecond,
      long memory,
      double cpu,
      long createdNanos,
      String command) {}

  static WorkerSample failed(String fault) {
    return new WorkerSample(System.nanoTime(), List.of(), "", fault);
  }

  /**
   * Asks.
   *
   * @param before the sample that rates are told from
   */
  static WorkerSample of(Asker client, WorkersView view, List<String> plugins, WorkerSample before)
      throws IOException {
    List<Group> groups = new ArrayList<>();
    StringBuilder tables = new StringBuilder();
    long now = System.nanoTime();
    for (String plugin : plugins) {
      Object reply = client.call("informer.Workers", plugin, LIMIT);
      List<Map<?, ?>> found =
          WorkersView.maps(reply instanceof Map<?, ?> map ? map.get("workers") : null);
      if (!found.isEmpty()) {
        Map<Long, Long> counted = before.execs(plugin);
        double seconds = (now - before.nanos) / 1e9;
        groups.add(new Group(plugin, found.stream().map(w -> row(w, counted, seconds)).toList()));
      }
      tables.append(view.jobs(client, plugin));
    }
    return new WorkerSample(now, groups, tables.toString(), "");
  }

  private static Row row(Map<?, ?> worker, Map<Long, Long> counted, double seconds) {
    long pid = WorkersView.number(worker, "pid");
    long execs = WorkersView.number(worker, "numExecs");
    Long before = counted.get(pid);
    double rate = before == null || seconds <= 0 ? 0 : Math.max(0, execs - before) / seconds;
    return new Row(
        pid,
        WorkersView.text(worker, "statusStr"),
        execs,
        rate,
        WorkersView.number(worker, "memoryUsage"),
        WorkersView.decimal(worker),
        WorkersView.number(worker, "created"),
        WorkersView.text(worker, "command"));
  }

  private Map<Long, Long> execs(String plugin) {
    Map<Long, Long> counted = new HashMap<>();
    for (Group group : workers) {
      if (group.plugin.equals(plugin)) {
        group.rows.forEach(row -> counted.put(row.pid, row.execs));
      }
    }
    return counted;
  }
}

package dev.rr.cli.client;

import dev.rr.cli.command.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Draws workers and pipelines of a running server. One thread.
 *
 * @param colour whether the output is a terminal that shows colours
 * @param clock what tells a worker's age
 */
record WorkersView(boolean colour, Clock clock) {
  private static final Duration LIMIT = Duration.ofSeconds(70);
  private static final String ERROR = "ERROR";

  /** Asks one method; the part of the client that tests replace. */
  @FunctionalInterface
  interface Asker {
    @Nullable Object call(String method, @Nullable Object argument, Duration limit)
        throws IOException;
  }

  /** The plugins that have workers. */
  static List<String> plugins(Asker client, String method) throws IOException {
    return objects(client.call(method, true, LIMIT)).stream()
        .map(String::valueOf)
        .sorted()
        .toList();
  }

  /** The tables of these plugins, workers first. */
  String text(Asker client, List<String> plugins) {
    StringBuilder out = new StringBuilder();
    for (String plugin : plugins) {
      out.append(workers(client, plugin));
    }
    for (String plugin : plugins) {
      out.append(jobs(client, plugin));
    }
    return out.toString();
  }

  private String workers(Asker client, String plugin) {
    try {
      Object reply = client.call("informer.Workers", plugin, LIMIT);
      List<Map<?, ?>> workers = maps(reply instanceof Map<?, ?> map ? map.get("workers") : null);
      if (workers.isEmpty()) {
        return "";
      }
      workers.sort(Comparator.comparingLong(worker -> number(worker, "pid")));
      Table table = plugin.equals("service") ? services(workers) : workers(workers);
      return title("Workers", plugin) + table.text();
    } catch (IOException e) {
      return workersTable().row("0", failure(plugin, e), ERROR, ERROR, ERROR, ERROR).text();
    }
  }

  private static Table workersTable() {
    return new Table("PID", "Status", "Execs", "Memory", "CPU%", "Created");
  }

  private Table workers(List<Map<?, ?>> workers) {
    Table table = workersTable();
    for (Map<?, ?> worker : workers) {
      Duration age =
          Duration.ofMillis(clock.millis()).minus(Duration.ofNanos(number(worker, "created")));
      table.row(
          String.valueOf(number(worker, "pid")),
          status(text(worker, "statusStr")),
          Cells.count(number(worker, "numExecs")),
          Cells.bytes(number(worker, "memoryUsage")),
          Cells.percent(decimal(worker)),
          Cells.ago(age));
    }
    return table;
  }

  private static Table services(List<Map<?, ?>> workers) {
    Table table = new Table("PID", "Memory", "CPU%", "Command");
    for (Map<?, ?> worker : workers) {
      table.row(
          String.valueOf(number(worker, "pid")),
          Cells.bytes(number(worker, "memoryUsage")),
          Cells.percent(decimal(worker)),
          text(worker, "command"));
    }
    return table;
  }

  /** The pipelines of a plugin; empty when it has none. */
  String jobs(Asker client, String plugin) {
    try {
      List<Map<?, ?>> pipelines = maps(client.call("informer.Jobs", plugin, LIMIT));
      if (pipelines.isEmpty()) {
        return "";
      }
      pipelines.sort(Comparator.comparing(pipeline -> text(pipeline, "Pipeline")));
      Table table = jobsTable();
      for (Map<?, ?> pipeline : pipelines) {
        table.row(
            Boolean.TRUE.equals(pipeline.get("Ready")) ? "READY" : "PAUSED/STOPPED",
            text(pipeline, "Pipeline"),
            text(pipeline, "Driver"),
            text(pipeline, "Queue"),
            String.valueOf(number(pipeline, "Active")),
            String.valueOf(number(pipeline, "Delayed")),
            String.valueOf(number(pipeline, "Reserved")));
      }
      return title("Jobs", plugin) + table.text();
    } catch (IOException e) {
      return jobsTable().row(failure(plugin, e), ERROR, ERROR, ERROR, ERROR, ERROR, ERROR).text();
    }
  }

  private static Table jobsTable() {
    return new Table("Status", "Pipeline", "Driver", "Queue", "Active", "Delayed", "Reserved");
  }

  private static String failure(String plugin, IOException e) {
    String why =
        String.valueOf(e.getMessage())
            .lines()
            .map(WorkersView::printable)
            .collect(Collectors.joining("\n"));
    return "failed to receive information about " + plugin + " plugin: " + why;
  }

  private String title(String what, String plugin) {
    return title(what, plugin, "");
  }

  /** The line above a table; what is said of all of it stands at its end. */
  String title(String what, String plugin, String all) {
    return what + " of [" + painted("93", plugin) + "]:" + all + "\n";
  }

  /** A worker's state in its colour. */
  String status(String name) {
    return switch (name) {
      case "inactive", "invalid" -> painted("33", name);
      case "ready" -> painted("36", name);
      case "working" -> painted("32", name);
      case "stopped", "errored" -> painted("31", name);
      default -> name;
    };
  }

  private String painted(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  private static List<?> objects(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  static List<Map<?, ?>> maps(@Nullable Object value) {
    List<Map<?, ?>> out = new ArrayList<>();
    for (Object element : objects(value)) {
      if (element instanceof Map<?, ?> map) {
        out.add(map);
      }
    }
    return out;
  }

  static long number(Map<?, ?> from, String key) {
    return from.get(key) instanceof Number number ? number.longValue() : 0;
  }

  static double decimal(Map<?, ?> worker) {
    return worker.get("CPUPercent") instanceof Number number ? number.doubleValue() : 0;
  }

  /** A text of the server's, in which nothing steers the terminal: workers choose some of them. */
  static String text(Map<?, ?> from, String key) {
    return from.get(key) instanceof String text ? printable(text) : "";
  }

  static String printable(String text) {
    return text.replaceAll("\\p{Cc}", "\uFFFD");
  }
}

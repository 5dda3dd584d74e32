package dev.rr.cli.client;

import dev.rr.cli.client.WorkerSample.Group;
import dev.rr.cli.client.WorkerSample.Row;
import dev.rr.cli.command.Table;
import dev.rr.os.RawTerminal.Size;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Draws a sample of workers so that it fits a terminal, sorted as its user wants. One thread. */
final class WorkersScreen {
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final String RESET = "\u001b[0m";

  /** Title, three rules and the header. */
  private static final int TABLE_LINES = 5;

  /** What workers can be sorted by: the key, its word, and what comes first. */
  private enum Order {
    PID('p', "pid", Comparator.comparingLong(Row::pid)),
    STATUS('s', "status", Comparator.comparing(Row::status)),
    EXECS('e', "execs", Comparator.comparingLong(Row::execs).reversed()),
    RATE('r', "execs/s", Comparator.comparingDouble(Row::perSecond).reversed()),
    MEMORY('m', "memory", Comparator.comparingLong(Row::memory).reversed()),
    CPU('c', "cpu", Comparator.comparingDouble(Row::cpu).reversed()),
    AGE('a', "age", Comparator.comparingLong(Row::createdNanos));

    private final char key;
    private final String word;
    private final Comparator<Row> comparator;

    Order(char key, String word, Comparator<Row> comparator) {
      this.key = key;
      this.word = word;
      this.comparator = comparator.thenComparingLong(Row::pid);
    }
  }

  private final WorkersView view;
  private final Clock clock;
  private Order order = Order.PID;
  private boolean reversed;

  WorkersScreen(WorkersView view, Clock clock) {
    this.view = view;
    this.clock = clock;
  }

  /** Sorts by what a key stands for; the same key again turns the order round. */
  void key(char key) {
    for (Order each : Order.values()) {
      if (each.key == Character.toLowerCase(key)) {
        reversed = each == order && !reversed;
        order = each;
      }
    }
  }

  /** What has to be written to show it, over whatever is there: nothing is wiped first. */
  String frame(WorkerSample sample, Size size) {
    List<String> lines = new ArrayList<>(content(sample, size));
    while (lines.size() > size.rows() - 1) {
      lines.removeLast();
    }
    lines.add(footer());
    StringBuilder out = new StringBuilder(HOME);
    for (int i = 0; i < lines.size(); i++) {
      out.append(clipped(lines.get(i), size.columns())).append(CLEAR_LINE);
      // A line end behind the last line would scroll.
      out.append(i == lines.size() - 1 ? "" : "\n");
    }
    return out.append(CLEAR_BELOW).toString();
  }

  private List<String> content(WorkerSample sample, Size size) {
    if (!sample.fault().isEmpty()) {
      return sample.fault().lines().map(WorkersView::printable).toList();
    }
    List<String> lines = new ArrayList<>();
    List<String> below = sample.tables().lines().toList();
    int room = size.rows() - 1 - below.size() - TABLE_LINES * sample.workers().size();
    int most = most(sample.workers(), room);
    for (Group group : sample.workers()) {
      int rows = Math.min(group.rows().size(), most);
      lines.addAll(table(group, rows).lines().toList());
    }
    lines.addAll(below);
    return lines.isEmpty() ? List.of("no workers") : lines;
  }

  /** How many rows each table may have: what small ones leave free is for the others. */
  private static int most(List<Group> groups, int room) {
    List<Integer> sizes = groups.stream().map(group -> group.rows().size()).sorted().toList();
    int left = room;
    int most = 1;
    for (int i = 0; i < sizes.size(); i++) {
      most = Math.max(1, left / (sizes.size() - i));
      left -= Math.min(sizes.get(i), most);
    }
    return most;
  }

  private String table(Group group, int shown) {
    Comparator<Row> comparator = reversed ? order.comparator.reversed() : order.comparator;
    List<Row> rows = group.rows().stream().sorted(comparator).limit(shown).toList();
    boolean service = group.plugin().equals("service");
    Table table =
        service
            ? new Table("PID", "Memory", "CPU%", "Command")
            : new Table("PID", "Status", "Execs", "Execs/s", "Memory", "CPU%", "Created");
    rows.forEach(row -> table.row(service ? serviceCells(row) : cells(row)));
    return view.title("Workers", group.plugin(), summary(group, shown)) + table.text();
  }

  private String[] cells(Row row) {
    Duration age = Duration.ofMillis(clock.millis()).minus(Duration.ofNanos(row.createdNanos()));
    return new String[] {
      String.valueOf(row.pid()),
      view.status(row.status()),
      Cells.count(row.execs()),
      rate(row.perSecond()),
      Cells.bytes(row.memory()),
      Cells.percent(row.cpu()),
      Cells.ago(age)
    };
  }

  private static String[] serviceCells(Row row) {
    return new String[] {
      String.valueOf(row.pid()), Cells.bytes(row.memory()), Cells.percent(row.cpu()), row.command()
    };
  }

  private static String summary(Group group, int shown) {
    List<Row> rows = group.rows();
    long working = rows.stream().filter(row -> row.status().equals("working")).count();
    String hidden = shown < rows.size() ? " (" + shown + " shown)" : "";
    return " %d%s, %d working, %s/s, %s"
        .formatted(
            rows.size(),
            hidden,
            working,
            rate(rows.stream().mapToDouble(Row::perSecond).sum()),
            Cells.bytes(rows.stream().mapToLong(Row::memory).sum()));
  }

  private static String rate(double perSecond) {
    return perSecond < 10
        ? String.format(Locale.ROOT, "%.1f", perSecond)
        : Cells.count(Math.round(perSecond));
  }

  private String footer() {
    StringBuilder out = new StringBuilder("sort:");
    for (Order each : Order.values()) {
      String mark = each == order ? (reversed ? "▲" : "▼") : "";
      out.append("  ").append(each.key).append(' ').append(each.word).append(mark);
    }
    return out.append("   q quit").toString();
  }

  /** As much of a line as there are columns; colours take none, and end with it. */
  static String clipped(String line, int columns) {
    StringBuilder out = new StringBuilder();
    int shown = 0;
    boolean coloured = false;
    for (int at = 0; at < line.length(); ) {
      if (line.charAt(at) == '\u001b') {
        int end = line.indexOf('m', at) + 1;
        out.append(line, at, end);
        coloured = true;
        at = end;
      } else if (shown == columns) {
        return coloured ? out.append(RESET).toString() : out.toString();
      } else {
        int code = line.codePointAt(at);
        out.appendCodePoint(code);
        shown++;
        at += Character.charCount(code);
      }
    }
    return out.toString();
  }
}

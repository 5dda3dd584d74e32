package dev.rr.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Draws a table with light box lines, as upstream does. One use. */
public final class Table {
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these columns; the names are shown in upper case. */
  public Table(String... columns) {
    this.header = List.of(columns).stream().map(c -> c.toUpperCase(Locale.ROOT)).toList();
  }

  /** Adds a row, one cell a column; a cell may have several lines. */
  public Table row(String... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + header.size() + " columns");
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The table, each line ended. */
  public String text() {
    int[] widths = widths();
    StringBuilder out = new StringBuilder();
    rule(out, widths, "┌┬┐");
    line(out, widths, header, true);
    rule(out, widths, "├┼┤");
    rows.forEach(r -> row(out, widths, r));
    rule(out, widths, "└┴┘");
    return out.toString();
  }

  private int[] widths() {
    int[] widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          rows.stream()
              .flatMap(r -> r.get(column).lines())
              .mapToInt(Table::shown)
              .reduce(header.get(i).length(), Math::max);
    }
    return widths;
  }

  private static void rule(StringBuilder out, int[] widths, String corners) {
    for (int i = 0; i < widths.length; i++) {
      out.append(corners.charAt(i == 0 ? 0 : 1)).append("─".repeat(widths[i] + 2));
    }
    out.append(corners.charAt(2)).append('\n');
  }

  private static void row(StringBuilder out, int[] widths, List<String> cells) {
    List<List<String>> lines = cells.stream().map(c -> c.lines().toList()).toList();
    int height = lines.stream().mapToInt(List::size).reduce(1, Math::max);
    for (int i = 0; i < height; i++) {
      int at = i;
      line(out, widths, lines.stream().map(l -> at < l.size() ? l.get(at) : "").toList(), false);
    }
  }

  private static void line(StringBuilder out, int[] widths, List<String> cells, boolean centred) {
    for (int i = 0; i < widths.length; i++) {
      int room = widths[i] - shown(cells.get(i));
      int before = centred ? room / 2 : 0;
      out.append("│ ").repeat(' ', before).append(cells.get(i)).repeat(' ', room - before + 1);
    }
    out.append("│\n");
  }

  /** How many places a cell takes; colours take none. */
  private static int shown(String cell) {
    String plain = COLOUR.matcher(cell).replaceAll("");
    return plain.codePointCount(0, plain.length());
  }
}

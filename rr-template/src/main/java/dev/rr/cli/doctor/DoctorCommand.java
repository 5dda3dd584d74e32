package dev.rr.cli.doctor;

import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Table;
import dev.rr.cli.doctor.Finding.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Says what would go wrong on this machine with this configuration, and what to do about it. What
 * plugins check themselves is part of it.
 */
public final class DoctorCommand implements Command {
  private static final int WIDTH = 72;

  private static final List<DoctorCheck> CHECKS =
      List.of(
          new ConfigCheck(),
          new PhpCheck(),
          new ExtensionsCheck(),
          new OpcacheCheck(),
          new XdebugCheck(),
          new TimeZoneCheck(),
          new MemoryCheck(),
          new FilesCheck(),
          new TemporaryFilesCheck(),
          new PortsCheck(),
          new ServersCheck());

  /** A finding and the check that it is from. */
  private record Row(String check, Finding finding) {}

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("doctor", "Say what would go wrong on this machine, and the remedy")
        .saying("The exit code is 1 when something keeps the server from running, else 0.\n");
  }

  @Override
  public int run(CommandContext context, Arguments own) throws CliException, InterruptedException {
    Machine machine = new Examination(context).machine();
    List<Row> rows = new ArrayList<>();
    for (DoctorCheck check : CHECKS) {
      check.look(machine).forEach(finding -> rows.add(new Row(check.name(), finding)));
    }
    context.out().print(table(rows, context.terminal().coloursOut()));
    long problems = count(rows, State.PROBLEM);
    context.say(summary(problems, count(rows, State.WARNING)));
    return problems == 0 ? 0 : 1;
  }

  private static long count(List<Row> rows, State state) {
    return rows.stream().filter(row -> row.finding.state() == state).count();
  }

  private static String summary(long problems, long warnings) {
    return problems + warnings == 0
        ? "nothing is in the way"
        : "problems: " + problems + ", warnings: " + warnings;
  }

  private static String table(List<Row> rows, boolean colours) {
    Table table = new Table("check", "state", "found, and what to do");
    for (Row row : rows) {
      String text = wrapped(row.finding.text(), "");
      String remedy = row.finding.remedy();
      table.row(
          row.check,
          state(row.finding.state(), colours),
          remedy.isEmpty() ? text : text + "\n" + wrapped("→ " + remedy, "  "));
    }
    return table.text();
  }

  private static String state(State state, boolean colours) {
    String word = state.name().toLowerCase(Locale.ROOT);
    int colour =
        switch (state) {
          case OK -> 32;
          case WARNING -> 33;
          case PROBLEM -> 31;
        };
    return colours ? "\u001b[" + colour + "m" + word + "\u001b[0m" : word;
  }

  /** The text in lines of some words each. */
  private static String wrapped(String text, String indent) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (String word : text.strip().split("\\s+")) {
      if (column > 0 && column + 1 + word.length() > WIDTH) {
        out.append('\n').append(indent);
        column = indent.length();
      } else if (column > 0) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
    }
    return out.toString();
  }
}

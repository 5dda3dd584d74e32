package dev.rr.cli;

import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Flag;
import dev.rr.cli.command.GlobalOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints help in the shape that users of upstream know. Stateless. */
final class HelpText {
  private static final int FLAG_WIDTH = 32;

  private HelpText() {}

  static String of(String program, @Nullable CommandSpec about, Commands commands) {
    StringBuilder out = new StringBuilder();
    if (about == null) {
      general(out, program, commands);
    } else {
      special(out, program, about);
    }
    return out.toString();
  }

  private static void general(StringBuilder out, String program, Commands commands) {
    out.append("An application server for PHP, made of plugins\n\nUsage:\n  ");
    out.append(program).append(" [command]\n\nAvailable Commands:\n");
    for (CommandSpec command : commands.specs()) {
      out.append("  %-12s%s\n".formatted(command.name(), command.description()));
    }
    flags(out, "Flags", GlobalOptions.FLAGS);
    out.append("\nUse \"").append(program);
    out.append(" [command] --help\" for more information about a command.\n");
  }

  private static void special(StringBuilder out, String program, CommandSpec about) {
    out.append(about.description()).append("\n\nUsage:\n  ");
    out.append(program).append(' ').append(about.name());
    out.append(about.arguments().isEmpty() ? "" : " " + about.arguments().label());
    out.append(" [flags]\n");
    if (!about.notes().isEmpty()) {
      out.append('\n').append(about.notes());
    }
    flags(out, "Flags", about.flags());
    flags(out, "Global Flags", GlobalOptions.FLAGS);
  }

  private static void flags(StringBuilder out, String title, List<Flag> flags) {
    if (flags.isEmpty()) {
      return;
    }
    out.append('\n').append(title).append(":\n");
    for (Flag flag : flags) {
      String indent = flag.names().getFirst().startsWith("--") ? "    " : "";
      String names = indent + String.join(", ", flag.names());
      String label = flag.takesValue() ? " " + flag.value().label() : "";
      out.append("  ").append(names).append(label);
      out.repeat(' ', Math.max(2, FLAG_WIDTH - names.length() - label.length()));
      out.append(flag.help()).append('\n');
    }
  }
}

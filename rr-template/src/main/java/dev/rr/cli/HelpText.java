package dev.rr.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Prints help in the shape that users of upstream know. */
final class HelpText {
  private static final int FLAG_WIDTH = 38;

  private HelpText() {}

  static String of(CommandSpec spec) {
    StringBuilder out = new StringBuilder();
    String[] description = spec.usageMessage().description();
    if (description.length > 0) {
      out.append(String.join("\n", description)).append("\n\n");
    }
    out.append("Usage:\n  ").append(spec.qualifiedName());
    out.append(spec.subcommands().isEmpty() ? " [flags]\n" : " [command]\n");
    commands(out, spec.subcommands());
    List<OptionSpec> own = new ArrayList<>();
    List<OptionSpec> global = new ArrayList<>();
    spec.options().forEach(o -> (o.inherited() ? global : own).add(o));
    options(out, "Flags", own);
    options(out, "Global Flags", global);
    return out.toString();
  }

  private static void commands(StringBuilder out, Map<String, CommandLine> commands) {
    if (!commands.isEmpty()) {
      out.append("\nAvailable Commands:\n");
      new TreeMap<>(commands)
          .forEach((name, command) -> {
            String[] text = command.getCommandSpec().usageMessage().description();
            out.append("  %-12s%s%n".formatted(name, text.length == 0 ? "" : text[0]));
          });
    }
  }

  private static void options(StringBuilder out, String title, Collection<OptionSpec> options) {
    if (options.isEmpty()) {
      return;
    }
    out.append('\n').append(title).append(":\n");
    for (OptionSpec option : options) {
      SequencedCollection<String> names = List.of(option.names());
      String flags = (names.getFirst().startsWith("--") ? "    " : "") + String.join(", ", names);
      String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
      out.append("  ").append(flags).append(label);
      out.repeat(' ', Math.max(2, FLAG_WIDTH - flags.length() - label.length()));
      out.append(String.join(" ", option.description())).append('\n');
    }
  }
}

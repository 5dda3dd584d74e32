package dev.rr.cli;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints help in the shape that users of upstream know. */
final class HelpText {
  private static final int FLAG_WIDTH = 38;

  private HelpText() {}

  static String of(
      String program, @Nullable CommandSpec about, Collection<CommandSpec> all, List<Flag> global) {
    StringBuilder out = new StringBuilder();
    if (about == null) {
      out.append("An application server for PHP, made of plugins\n\nUsage:\n  ");
      out.append(program).append(" [command]\n\nAvailable Commands:\n");
      all.stream()
          .sorted((a, b) -> a.name().compareTo(b.name()))
          .forEach(c -> out.append("  %-12s%s\n".formatted(c.name(), c.description())));
      flags(out, "Flags", global);
    } else {
      out.append(about.description()).append("\n\nUsage:\n  ");
      out.append(program).append(' ').append(about.name());
      out.append(about.arguments().isEmpty() ? "" : " " + about.arguments()).append(" [flags]\n");
      flags(out, "Flags", about.flags());
      flags(out, "Global Flags", global);
    }
    return out.toString();
  }

  private static void flags(StringBuilder out, String title, List<Flag> flags) {
    if (flags.isEmpty()) {
      return;
    }
    out.append('\n').append(title).append(":\n");
    for (Flag flag : flags) {
      String indent = flag.names().getFirst().startsWith("--") ? "    " : "";
      String names = indent + String.join(", ", flag.names());
      String label = flag.takesValue() ? " " + flag.label() : "";
      out.append("  ").append(names).append(label);
      out.repeat(' ', Math.max(2, FLAG_WIDTH - names.length() - label.length()));
      out.append(flag.help()).append('\n');
    }
  }

  /** A completion script for bash: the commands, then the flags. */
  static String completion(String program, Collection<CommandSpec> all, List<Flag> global) {
    List<String> commands = all.stream().map(CommandSpec::name).sorted().toList();
    List<String> flags = global.stream().flatMap(f -> f.names().stream()).toList();
    String function = "_" + program.replaceAll("[^A-Za-z0-9]", "_") + "_complete";
    return """
    %1$s() {
      local words='%2$s'
      case ${COMP_WORDS[COMP_CWORD]} in -*) words='%3$s' ;; esac
      COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
    }
    complete -o default -F %1$s '%4$s'
    """
        .formatted(function, String.join(" ", commands), String.join(" ", flags), program);
  }
}

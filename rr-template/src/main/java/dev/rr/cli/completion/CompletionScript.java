package dev.rr.cli.completion;

import dev.rr.api.plugin.Catalogue;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Flag;
import dev.rr.cli.command.GlobalOptions;
import dev.rr.cli.command.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes completion scripts. They hold every word, and ask nobody: a binary's plugins are known,
 * and a shell that waits for a JVM at each key is no help.
 *
 * @param program the program's name
 * @param commands its commands, sorted
 * @param catalogue what the words for plugins are taken from
 */
public record CompletionScript(String program, List<CommandSpec> commands, Catalogue catalogue) {
  public CompletionScript {
    commands = List.copyOf(commands);
  }

  /** For bash, 3.2 or later. */
  public String bash() {
    String valueFlags =
        Stream.concat(
                GlobalOptions.FLAGS.stream(), commands.stream().flatMap(c -> c.flags().stream()))
            .filter(Flag::takesValue)
            .flatMap(f -> f.names().stream())
            .distinct()
            .collect(Collectors.joining("|"));
    return """
    # bash completion for %1$s: source <(%1$s completion bash)
    %2$s() {
      local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command='' words='' i
      # bash makes words of --flag=value at the sign.
      case $word in =) word='' ;; *) [ "$before" = = ] && before=${COMP_WORDS[COMP_CWORD-2]} ;; esac
      for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
          %3$s | = | :) i=$((i + 1)) ;;
          -*) ;;
          *) command=${COMP_WORDS[i]} && break ;;
        esac
      done
      COMPREPLY=()
      case $before in
    %4$s
      esac
      case $command in
    %5$s
      esac
      case $word in
        -*) words="$flags %6$s" ;;
      esac
      COMPREPLY=($(compgen -W "$words" -- "$word"))
    }
    complete -F %2$s '%1$s'
    """
        .formatted(
            program,
            function(),
            valueFlags,
            bashValues(),
            bashCommands(),
            names(GlobalOptions.FLAGS));
  }

  /** What to offer behind a flag that takes a value; nothing else is offered there. */
  private String bashValues() {
    List<String> lines = new ArrayList<>();
    for (Flag flag : valued()) {
      String offer =
          switch (flag.value().label()) {
            case Flag.FILE ->
                "compopt -o default 2>/dev/null; COMPREPLY=($(compgen -f -- \"$word\"))";
            case Flag.DIRECTORY ->
                "compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- \"$word\"))";
            default ->
                "COMPREPLY=($(compgen -W '%s' -- \"$word\"))"
                    .formatted(String.join(" ", flag.value().known()));
          };
      lines.add("    %s) %s; return ;;".formatted(String.join("|", flag.names()), offer));
    }
    return String.join("\n", lines);
  }

  private String bashCommands() {
    List<String> lines = new ArrayList<>();
    lines.add("    '') words='%s' flags='' ;;".formatted(commandNames()));
    for (CommandSpec command : commands) {
      lines.add(
          "    %s) words='%s' flags='%s' ;;"
              .formatted(command.name(), words(command), names(command.flags())));
    }
    lines.add("    *) flags='' ;;");
    return String.join("\n", lines);
  }

  /** For zsh, 5 or later. */
  public String zsh() {
    StringBuilder out = new StringBuilder();
    out.append("#compdef %1$s\n# zsh completion for %1$s\n".formatted(program));
    out.append(function()).append("() {\n  local -a commands global\n  commands=(\n");
    commands.forEach(
        c -> out.append("    ").append(quoted(c.name() + ":" + c.description())).append('\n'));
    out.append("  )\n  global=(\n");
    GlobalOptions.FLAGS.forEach(f -> out.append("    ").append(zshFlag(f)).append('\n'));
    out.append(
        """
          )
          local context state state_descr line
          typeset -A opt_args
          _arguments -C $global '1:command:->command' '*::argument:->argument'
          case $state in
            command) _describe -t commands command commands ;;
            argument)
              case $line[1] in
        """);
    for (CommandSpec command : commands) {
      List<String> parts = new ArrayList<>();
      command.flags().forEach(f -> parts.add(zshFlag(f)));
      String words = words(command);
      if (!words.isEmpty()) {
        parts.add(quoted("*:argument:(" + words + ")"));
      }
      out.append(
          "        %s) _arguments $global %s ;;\n"
              .formatted(command.name(), String.join(" ", parts)));
    }
    out.append("      esac ;;\n  esac\n}\n");
    out.append("compdef %s %s\n".formatted(function(), program));
    return out.toString();
  }

  /** {@code '(-c --config)'{-c,--config}'[help]:file:_files'}. */
  private static String zshFlag(Flag flag) {
    String value =
        switch (flag.value().label()) {
          case "" -> "";
          case Flag.FILE -> ":file:_files";
          case Flag.DIRECTORY -> ":directory:_files -/";
          default ->
              flag.value().known().isEmpty()
                  ? ":" + flag.value().label() + ": "
                  : ":word:(" + String.join(" ", flag.value().known()) + ")";
        };
    String text = quoted("[" + flag.help().replace("[", "\\[").replace("]", "\\]") + "]" + value);
    boolean repeats = flag.key().equals("--override");
    if (flag.names().size() == 1) {
      return (repeats ? "'*'" : "") + flag.key() + text;
    }
    String all = String.join(" ", flag.names());
    String guard = repeats ? "'*'" : "'(" + all + ")'";
    return guard + "{" + all.replace(' ', ',') + "}" + text;
  }

  /** For fish, 3 or later. */
  public String fish() {
    StringBuilder out = new StringBuilder("# fish completion for %s\n".formatted(program));
    out.append("complete -c %s -f\n".formatted(program));
    for (CommandSpec command : commands) {
      fish(
          out,
          "__fish_use_subcommand",
          "-a " + command.name() + " -d " + quoted(command.description()));
    }
    GlobalOptions.FLAGS.forEach(f -> fish(out, "", fishFlag(f)));
    for (CommandSpec command : commands) {
      String when = "__fish_seen_subcommand_from " + command.name();
      String words = words(command);
      if (!words.isEmpty()) {
        fish(out, when, "-a " + quoted(words));
      }
      command.flags().forEach(f -> fish(out, when, fishFlag(f)));
    }
    return out.toString();
  }

  private void fish(StringBuilder out, String when, String what) {
    String condition = when.isEmpty() ? "" : " -n " + quoted(when);
    out.append("complete -c ")
        .append(program)
        .append(condition)
        .append(' ')
        .append(what)
        .append('\n');
  }

  private static String fishFlag(Flag flag) {
    StringBuilder out = new StringBuilder();
    for (String name : flag.names()) {
      out.append(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
      out.append(' ');
    }
    switch (flag.value().label()) {
      case "" -> {}
      case Flag.FILE -> out.append("-r -F ");
      case Flag.DIRECTORY -> out.append("-x -a '(__fish_complete_directories)' ");
      default ->
          out.append("-x -a ").append(quoted(String.join(" ", flag.value().known()))).append(' ');
    }
    return out.append("-d ").append(quoted(flag.help())).toString();
  }

  private List<Flag> valued() {
    return Stream.concat(
            GlobalOptions.FLAGS.stream(), commands.stream().flatMap(c -> c.flags().stream()))
        .filter(Flag::takesValue)
        .toList();
  }

  private String commandNames() {
    return commands.stream().map(CommandSpec::name).collect(Collectors.joining(" "));
  }

  /** What may follow a command's name. */
  private String words(CommandSpec command) {
    Words arguments = command.arguments();
    return arguments.label().equals("[command]")
        ? commandNames()
        : String.join(" ", arguments.all(catalogue));
  }

  private static String names(List<Flag> flags) {
    return flags.stream().flatMap(f -> f.names().stream()).collect(Collectors.joining(" "));
  }

  private String function() {
    return "_" + program.replaceAll("[^A-Za-z0-9]", "_") + "_complete";
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}

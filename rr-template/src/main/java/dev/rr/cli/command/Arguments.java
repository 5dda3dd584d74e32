package dev.rr.cli.command;

import dev.rr.api.config.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The command line, read: the command, flags by name, arguments. Flags stand before or after the
 * command; {@code --} ends them. Written by hand because libraries for it cost more start-up time
 * than all the rest of a short command.
 */
public final class Arguments {
  private static final int NEAR = 2;

  private final Map<String, List<String>> flags = new TreeMap<>();
  private final List<String> positionals = new ArrayList<>();
  private @Nullable CommandSpec command;

  private Arguments() {}

  /** The command, or null when none was named. */
  public @Nullable CommandSpec command() {
    return command;
  }

  /** Whether the flag of this long name was given. */
  public boolean has(String flag) {
    return !flags.getOrDefault(flag, List.of()).isEmpty();
  }

  /** The flag's last value, or the fallback. */
  public String last(String flag, String fallback) {
    List<String> values = all(flag);
    return values.isEmpty() ? fallback : values.getLast();
  }

  /** The flag's values in the order given. */
  public List<String> all(String flag) {
    return List.copyOf(flags.getOrDefault(flag, List.of()));
  }

  /** What follows the command besides flags. */
  public List<String> positionals() {
    return List.copyOf(positionals);
  }

  /** The commands there are. What one takes is asked only when it is called. */
  public interface Commands {
    /** Every name, sorted. */
    List<String> names();

    /** How a command is called; null when there is none of this name. */
    @Nullable CommandSpec spec(String name);
  }

  /**
   * Reads a command line.
   *
   * @param program the program's name, for messages
   * @throws CliException in upstream's words
   */
  public static Arguments parse(
      String program, List<String> line, List<Flag> global, Commands commands) throws CliException {
    return new Parser(program, line, global, commands).parse();
  }

  private static final class Parser {
    private final Arguments result = new Arguments();
    private final String program;
    private final List<String> line;
    private final List<Flag> known;
    private final Commands commands;
    private int at;

    Parser(String program, List<String> line, List<Flag> global, Commands commands) {
      this.program = program;
      this.line = line;
      this.known = new ArrayList<>(global);
      this.commands = commands;
    }

    Arguments parse() throws CliException {
      learnCommand();
      boolean named = false;
      boolean words = false;
      while (at < line.size()) {
        String word = line.get(at++);
        if (words || !word.startsWith("-") || word.equals("-")) {
          argument(word, named);
          named = true;
        } else if (word.equals("--")) {
          words = true;
        } else if (word.startsWith("--")) {
          longFlag(word);
        } else {
          shortFlags(word);
        }
      }
      return result;
    }

    /** A command's own flags may stand before its name, so it has to be known first. */
    private void learnCommand() {
      for (int i = 0; i < line.size(); i++) {
        String word = line.get(i);
        if (!word.startsWith("-") || word.equals("-")) {
          result.command = commands.spec(word);
          if (result.command != null) {
            known.addAll(result.command.flags());
          }
          return;
        }
        i += valueFollows(word) ? 1 : 0;
      }
    }

    /** Whether the word behind a flag is its value, and so no command. */
    private boolean valueFollows(String word) {
      if (word.startsWith("--")) {
        Flag flag = find(word);
        return flag != null && flag.takesValue();
      }
      for (int i = 1; i < word.length(); i++) {
        Flag flag = find("-" + word.charAt(i));
        if (flag != null && flag.takesValue()) {
          return i == word.length() - 1;
        }
      }
      return false;
    }

    private void argument(String word, boolean named) throws CliException {
      CommandSpec command = result.command;
      if (command == null) {
        throw unknown(word);
      }
      if (named && command.arguments().isEmpty()) {
        throw new CliException(
            "unknown argument \"" + word + "\" for \"" + program + " " + command.name() + '"');
      }
      if (named) {
        require(command.arguments(), word, program + " " + command.name());
        result.positionals.add(word);
      }
    }

    /** Refuses a word that is none of those there are. */
    private static void require(Words words, String word, String owner) throws CliException {
      if (words.offered() == null && !words.known().isEmpty() && !words.known().contains(word)) {
        String near = Nearest.to(word, words.known());
        throw new CliException(
            "invalid argument \"%s\" for \"%s\": %s%s"
                .formatted(
                    word,
                    owner,
                    String.join(", ", words.known()),
                    near == null ? "" : "; did you mean " + near + "?"));
      }
    }

    private boolean isOpen() {
      return result.command != null && result.command.open();
    }

    private CliException unknown(String word) {
      List<String> near =
          commands.names().stream()
              .filter(c ->
                  c.startsWith(word.toLowerCase(Locale.ROOT)) || Nearest.distance(c, word) <= NEAR)
              .toList();
      String text = "unknown command \"" + word + "\" for \"" + program + '"';
      return new CliException(
          near.isEmpty() || word.isEmpty()
              ? text
              : text + "\n\nDid you mean this?\n\t" + String.join("\n\t", near));
    }

    private void longFlag(String word) throws CliException {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Flag flag = find(name);
      if (flag == null && isOpen()) {
        result.positionals.add(word);
        return;
      }
      if (flag == null) {
        throw new CliException("unknown flag: " + name + near(name));
      }
      if (flag.takesValue()) {
        put(flag, equals < 0 ? next(name) : word.substring(equals + 1));
      } else {
        onOff(flag, equals < 0 ? "true" : word.substring(equals + 1));
      }
    }

    /**
     * One or more letters; the first that takes a value takes the rest of the word, or the next
     * word.
     */
    private void shortFlags(String word) throws CliException {
      if (isOpen() && find("-" + word.charAt(1)) == null) {
        result.positionals.add(word);
        return;
      }
      for (int i = 1; i < word.length(); i++) {
        Flag flag = find("-" + word.charAt(i));
        if (flag == null) {
          throw new CliException(
              "unknown shorthand flag: '"
                  + word.charAt(i)
                  + "' in "
                  + word.substring(i == 1 ? 0 : i));
        }
        if (flag.takesValue()) {
          String rest = word.substring(i + 1);
          String value = rest.startsWith("=") ? rest.substring(1) : rest;
          put(flag, rest.isEmpty() ? next("'" + word.charAt(i) + "' in " + word) : value);
          return;
        }
        put(flag, "true");
      }
    }

    private void onOff(Flag flag, String value) throws CliException {
      switch (value.toLowerCase(Locale.ROOT)) {
        case "true", "t", "1" -> put(flag, "true");
        case "false", "f", "0" -> result.flags.remove(flag.key());
        default ->
            throw new CliException(
                "invalid argument \"" + value + "\" for \"" + flag.key() + "\": true or false");
      }
    }

    /** The flag that was most likely meant, on a line of its own. */
    private String near(String name) {
      String near = Nearest.to(name, known.stream().flatMap(f -> f.names().stream()).toList());
      return near == null ? "" : "\n\nDid you mean this?\n\t" + near;
    }

    private String next(String name) throws CliException {
      if (at == line.size()) {
        throw new CliException("flag needs an argument: " + name);
      }
      return line.get(at++);
    }

    private void put(Flag flag, String value) throws CliException {
      require(flag.value(), value, flag.key());
      result.flags.computeIfAbsent(flag.key(), k -> new ArrayList<>()).add(value);
    }

    private @Nullable Flag find(String name) {
      for (Flag flag : known) {
        if (flag.names().contains(name)) {
          return flag;
        }
      }
      return null;
    }
  }
}

package dev.rr.process;

import dev.rr.api.config.StringOrList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Splits a command into program and arguments. Any thread. */
public final class CommandLine {
  private CommandLine() {}

  /**
   * A list of two or more is taken as it is. A text is split at blanks, where single quotes keep
   * everything, double quotes everything but {@code \"} and {@code \\}, and a backslash the next
   * character. {@code $} and {@code *} mean nothing, and commas only where the first word has one
   * and is no program: then they alone separate, blanks around them dropped, as upstream has it.
   *
   * @param program whether a word can be run
   * @throws IllegalArgumentException when a quote is not closed
   */
  public static List<String> split(StringOrList command, Predicate<String> program) {
    List<String> values = command.values();
    if (values.size() != 1) {
      return values;
    }
    String text = values.getFirst();
    String first = text.strip().split("\\s", 2)[0];
    boolean commas = first.indexOf(',') > 0 && "'\"".indexOf(first.charAt(0)) < 0;
    return commas && !program.test(first) ? atCommas(text) : split(text);
  }

  private static List<String> atCommas(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(w -> !w.isEmpty()).toList();
  }

  /**
   * Splits a text at blanks and nowhere else, with quotes as above.
   *
   * @throws IllegalArgumentException when a quote is not closed
   */
  public static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        if (word != null) {
          words.add(word.toString());
          word = null;
        }
        continue;
      }
      word = word == null ? new StringBuilder() : word;
      switch (c) {
        case '\'' -> i = quoted(text, i, word);
        case '"' -> i = doubleQuoted(text, i, word);
        case '\\' -> word.append(i + 1 < text.length() ? text.charAt(++i) : c);
        default -> word.append(c);
      }
    }
    if (word != null) {
      words.add(word.toString());
    }
    return words;
  }

  private static int quoted(String text, int at, StringBuilder word) {
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      throw open(text, at);
    }
    word.append(text, at + 1, end);
    return end;
  }

  private static int doubleQuoted(String text, int at, StringBuilder word) {
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i;
      }
      boolean escape =
          c == '\\' && i + 1 < text.length() && "\"\\".indexOf(text.charAt(i + 1)) >= 0;
      word.append(escape ? text.charAt(++i) : c);
    }
    throw open(text, at);
  }

  private static IllegalArgumentException open(String text, int at) {
    return new IllegalArgumentException(
        "command: the quote at character " + (at + 1) + " of <" + text + "> is not closed");
  }
}

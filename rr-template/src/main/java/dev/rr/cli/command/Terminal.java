package dev.rr.cli.command;

import java.io.Console;
import java.util.Map;
import java.util.Optional;

/** Who sits at the other end of the program's streams: a person, or another program. Any thread. */
public interface Terminal {
  /** A program that reads what is printed and answers nothing. */
  Terminal NONE = new Terminal() {};

  /** Whether standard output is a terminal. */
  default boolean isOut() {
    return false;
  }

  /** Whether standard output shows colours. */
  default boolean coloursOut() {
    return false;
  }

  /** Whether standard error shows colours. */
  default boolean coloursErr() {
    return false;
  }

  /** Asks a person; empty when there is none, and an empty answer when none is given. */
  default Optional<String> ask(String question) {
    return Optional.empty();
  }

  /**
   * That of this process.
   *
   * @param descriptors those of standard output and error that are terminals, as the preamble found
   *     out: {@code 12}, {@code 1}, {@code 2} or nothing
   * @param environment {@code NO_COLOR} and {@code TERM} of it count
   */
  static Terminal of(String descriptors, Map<String, String> environment) {
    boolean colours =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb");
    boolean out = descriptors.contains("1");
    return new Attached(out, colours && out, colours && descriptors.contains("2"));
  }

  /** Streams of this process. */
  record Attached(boolean isOut, boolean coloursOut, boolean coloursErr) implements Terminal {
    @Override
    public Optional<String> ask(String question) {
      Console console = System.console();
      if (console == null || !console.isTerminal()) {
        return Optional.empty();
      }
      String answer = console.readLine("%s", question);
      return Optional.of(answer == null ? "" : answer.strip());
    }
  }
}

package dev.rr.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is started, and how. Immutable.
 *
 * @param arguments the program and its arguments; at least one
 * @param environment the whole environment of the process
 * @param directory where it runs
 * @param user as whom it runs; empty for the same as the server
 */
public record ProcessCommand(
    List<String> arguments, Map<String, String> environment, Path directory, Optional<User> user) {
  public ProcessCommand {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("command should not be empty");
    }
  }

  /**
   * An account of the system.
   *
   * @param uid the user's number
   * @param gid the group's number
   */
  public record User(int uid, int gid) {}

  /** The command as one would type it. */
  public String text() {
    return String.join(" ", arguments);
  }
}

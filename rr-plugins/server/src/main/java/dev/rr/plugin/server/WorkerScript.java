package dev.rr.plugin.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds a script that does not exist in a worker's command. Only php's own command line is looked
 * at: what docker or a wrapper runs may stand in another file system.
 */
final class WorkerScript {
  private WorkerScript() {}

  /**
   * What is wrong with the script, in words for the user.
   *
   * @param directory where workers run
   */
  static Optional<String> fault(List<String> command, Path directory) {
    if (command.isEmpty() || !isPhp(command.getFirst())) {
      return Optional.empty();
    }
    return command.stream()
        .skip(1)
        // The value of an option such as -d auto_prepend_file=x.php is no script.
        .filter(argument -> argument.endsWith(".php") && argument.indexOf('=') < 0)
        .findFirst()
        .filter(script -> !Files.exists(directory.resolve(script)))
        .map(script ->
            "the script of the worker "
                + String.join(" ", command)
                + " does not exist in "
                + directory
                + ": "
                + script);
  }

  private static boolean isPhp(String program) {
    Path name = Path.of(program).getFileName();
    return name != null && name.toString().matches("php[0-9.]*");
  }
}

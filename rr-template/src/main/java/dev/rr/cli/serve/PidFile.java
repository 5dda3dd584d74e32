package dev.rr.cli.serve;

import dev.rr.cli.command.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file {@code .pid} in the work directory: the process id in decimal, no line end. Never
 * removed, as upstream's.
 */
final class PidFile {
  static final String NAME = ".pid";

  private PidFile() {}

  static void write(Path directory) throws CliException {
    try {
      Files.writeString(directory.resolve(NAME), Long.toString(ProcessHandle.current().pid()));
    } catch (IOException e) {
      throw new CliException("the process id cannot be written: " + e.getMessage());
    }
  }
}

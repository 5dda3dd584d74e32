package dev.rr.build;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs commands of a packed file. */
public final class BuiltFile {
  private static final int LIMIT_SECONDS = 120;

  private BuiltFile() {}

  /**
   * Runs one to its end, with this process' own streams.
   *
   * @param arguments of the file
   * @param out where its standard output goes instead
   * @return its exit code
   * @throws BuildException when it takes too long
   */
  public static int run(
      Path file, Path jdk, List<String> arguments, Path folder, Optional<Path> out)
      throws BuildException, IOException, InterruptedException {
    Path java = jdk.resolve("bin/java");
    List<String> line = new ArrayList<>();
    if (File.separatorChar == '/') {
      line.addAll(List.of("sh", file.toAbsolutePath().toString()));
    } else {
      line.addAll(List.of(java.toString(), "-jar", file.toAbsolutePath().toString()));
    }
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile()).inheritIO();
    out.ifPresent(to -> builder.redirectOutput(to.toFile()));
    builder.environment().put("RR_JAVA", java.toString());
    Process process = builder.start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new BuildException(
            "%s took longer than %d s".formatted(String.join(" ", line), LIMIT_SECONDS));
      }
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}

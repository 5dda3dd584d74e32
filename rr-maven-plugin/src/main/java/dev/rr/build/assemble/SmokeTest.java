package dev.rr.build.assemble;

import dev.rr.build.BuildException;
import dev.rr.build.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Starts the packed file as a user would. */
final class SmokeTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private SmokeTest() {}

  /**
   * Runs {@code file --version}.
   *
   * @return what it printed
   * @throws BuildException when it fails or says nothing
   */
  static String run(Path file, Path jdk) throws BuildException, IOException, InterruptedException {
    List<String> line = BuiltFile.command(file, jdk, List.of("--version"));
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    ChildProcess.Result result = ChildProcess.run(line, folder, BuiltFile.environment(jdk), LIMIT);
    if (result.exit() != 0 || result.output().isEmpty()) {
      throw new BuildException(
          "The packed file does not run: `"
              + String.join(" ", line)
              + "` "
              + (result.exit() < 0
                  ? "took longer than " + LIMIT.toSeconds() + " s"
                  : "ended with " + result.exit())
              + " and said:\n"
              + result.output());
    }
    return result.output();
  }
}

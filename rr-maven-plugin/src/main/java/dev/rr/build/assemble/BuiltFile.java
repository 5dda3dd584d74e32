package dev.rr.build.assemble;

import dev.rr.build.BuildException;
import dev.rr.build.Replaceable;
import dev.rr.build.archive.Archive;
import dev.rr.build.lock.Lock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A packed file that is there: whether one is, and its commands. */
public final class BuiltFile {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private BuiltFile() {}

  /**
   * Fails where something is that no build has made, as its own description, a jar or a script: who
   * names it by mistake would lose it.
   *
   * @param key by which the user named the place
   */
  public static void requireReplaceable(String key, Path output)
      throws BuildException, IOException {
    Replaceable.requireFile(
        key,
        output,
        "no file that rr:build made, which is all that it replaces",
        file -> Files.isRegularFile(file) && (Files.size(file) == 0 || isOne(file)));
  }

  private static boolean isOne(Path file) {
    try (Archive archive = Archive.open(file)) {
      return archive.find(Lock.ENTRY).isPresent();
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** The command line that runs one as a user would. */
  static List<String> command(Path file, Path jdk, List<String> arguments) {
    String name = file.toAbsolutePath().toString();
    List<String> line =
        new ArrayList<>(
            File.separatorChar == '/'
                ? List.of("sh", name)
                : List.of(java(jdk).toString(), "-jar", name));
    line.addAll(arguments);
    return line;
  }

  /** Has the file run on this JDK. */
  static Map<String, String> environment(Path jdk) {
    return Map.of("RR_JAVA", java(jdk).toString());
  }

  private static Path java(Path jdk) {
    return jdk.resolve("bin/java");
  }

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
    return run(file, jdk, arguments, folder, out, LIMIT);
  }

  /** As the other, with another limit. */
  public static int run(
      Path file, Path jdk, List<String> arguments, Path folder, Optional<Path> out, Duration limit)
      throws BuildException, IOException, InterruptedException {
    List<String> line = command(file, jdk, arguments);
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile()).inheritIO();
    out.ifPresent(to -> builder.redirectOutput(to.toFile()));
    builder.environment().putAll(environment(jdk));
    Process process = builder.start();
    try {
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        throw new BuildException(
            "%s took longer than %d s".formatted(String.join(" ", line), limit.toSeconds()));
      }
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}

package dev.rr.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command to run in a folder.
 *
 * @param folder the work directory; has to exist
 * @param arguments the program first
 * @param environment added to this process's own
 */
public record ShellCommand(Path folder, List<String> arguments, Map<String, String> environment) {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  public ShellCommand {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /** A command in this process's own environment. */
  public static ShellCommand in(Path folder, String... arguments) {
    return new ShellCommand(folder, List.of(arguments), Map.of());
  }

  /** The same with one more variable. */
  public ShellCommand with(String name, String value) {
    var more = new HashMap<>(environment);
    more.put(name, value);
    return new ShellCommand(folder, arguments, more);
  }

  /**
   * What a command left behind.
   *
   * @param exit its exit code
   * @param out what it printed on standard output
   * @param err what it printed on standard error
   */
  public record Result(int exit, String out, String err) {
    /** Both streams, for a message. */
    public String text() {
      return out + err;
    }
  }

  /** Runs it to its end, at most three minutes. */
  public Result run() {
    try {
      Path out = Files.createTempFile("rr-it", ".out");
      Path err = Files.createTempFile("rr-it", ".err");
      try {
        Process process = start(out, err);
        if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException(arguments + " did not end: " + read(out) + read(err));
        }
        return new Result(process.exitValue(), read(out), read(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts it; its output goes to files. */
  Process start(Path out, Path err) throws IOException {
    var builder =
        new ProcessBuilder(arguments)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}

package dev.rr.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A process under test; what it prints goes to files. Killed when closed. */
public final class Run implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Process process;
  private final Path out;
  private final Path err;

  private Run(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a command in a folder. */
  public static Run start(Path folder, Map<String, String> environment, String... command)
      throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(environment);
    return new Run(builder.start(), out, err);
  }

  /** Waits for the end; the exit code. */
  public int code() throws InterruptedException {
    if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running: " + process.info().commandLine().orElse("?"));
    }
    return process.exitValue();
  }

  /** Waits until standard output contains a text. */
  public void awaitOut(String text) throws IOException, InterruptedException {
    awaitOut(text, 1);
  }

  /** Waits until standard output contains a text so many times. */
  public void awaitOut(String text, int times) throws IOException, InterruptedException {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (out().split(Pattern.quote(text), -1).length <= times) {
      if (System.nanoTime() - end > 0 || !process.isAlive()) {
        throw new AssertionError("never printed: " + text + "\n" + out() + err());
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  /** Sends a signal. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  public String out() throws IOException {
    return Files.readString(out);
  }

  public String err() throws IOException {
    return Files.readString(err);
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

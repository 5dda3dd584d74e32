package dev.rr.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a program to its end, within a time, and keeps what it said. */
public final class ChildProcess {
  private static final int MAX_OUTPUT = 1 << 20;

  private ChildProcess() {}

  /**
   * How it ended.
   *
   * @param exit its exit code, or -1 when its time was over
   * @param output both outputs, the first MiB of them
   */
  public record Result(int exit, String output) {}

  /** Runs {@code line} with these variables added to the environment. */
  public static Result run(
      List<String> line, Path folder, Map<String, String> variables, Duration limit)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().putAll(variables);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    CompletableFuture<String> output = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process.getInputStream(), output), "rr-build-output");
    reader.setDaemon(true);
    reader.start();
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        List<ProcessHandle> children = process.descendants().toList();
        // Through the handle: Process itself would close the output that is still to be read.
        process.toHandle().destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
      }
      String said = output.get(10, TimeUnit.SECONDS);
      return new Result(ended ? process.exitValue() : -1, said);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("cannot read the output of " + line.get(0), e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void read(InputStream in, CompletableFuture<String> output) {
    try (in) {
      byte[] kept = in.readNBytes(MAX_OUTPUT);
      in.transferTo(OutputStream.nullOutputStream());
      output.complete(new String(kept, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      output.completeExceptionally(e);
    }
  }
}

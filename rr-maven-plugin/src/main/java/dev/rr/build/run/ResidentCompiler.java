package dev.rr.build.run;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a {@link CompileServer}, which is started with the first question, and again should it have
 * died. One thread.
 */
final class ResidentCompiler implements Closeable {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration TO_END = Duration.ofSeconds(5);
  private static final String GONE = "gone";

  private final Path jdk;
  private final Path work;
  private @Nullable Server server;

  /**
   * Makes one.
   *
   * @param work a folder for requests and answers
   */
  ResidentCompiler(Path jdk, Path work) {
    this.jdk = jdk;
    this.work = work;
  }

  /**
   * What is to be compiled.
   *
   * @param processorPath empty when no processor shall run
   * @param processors their names; every one that the path announces when empty
   */
  record Request(
      List<Path> processorPath, List<String> processors, List<String> options, List<Path> sources) {
    String text() {
      List<String> lines = new ArrayList<>();
      processorPath.forEach(p -> lines.add(CompileServer.PROCESSORS + p));
      processors.forEach(p -> lines.add(CompileServer.PROCESSOR + p));
      options.forEach(o -> lines.add(CompileServer.OPTION + o));
      sources.forEach(s -> lines.add(CompileServer.SOURCE + s));
      return String.join("\n", lines) + "\n";
    }
  }

  /**
   * How it went.
   *
   * @param text what javac said, perhaps nothing
   */
  record Result(boolean good, String text) {}

  private record Server(Process process, BlockingQueue<String> answers) {}

  Result compile(Request request) throws IOException, InterruptedException {
    Files.createDirectories(work);
    Path file = work.resolve("request");
    Files.writeString(file, request.text());
    Files.deleteIfExists(CompileServer.output(file));
    Server running = running();
    OutputStream to = running.process().getOutputStream();
    to.write((file.toAbsolutePath() + "\n").getBytes(StandardCharsets.UTF_8));
    to.flush();
    String answer = running.answers().poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (answer == null || answer.equals(GONE)) {
      running.process().destroyForcibly();
      server = null;
      throw new IOException(
          answer == null
              ? "the compiler took longer than " + LIMIT.toMinutes() + " min"
              : "the compiler's process ended; see above");
    }
    Path output = CompileServer.output(file);
    String said = Files.exists(output) ? Files.readString(output).strip() : "";
    return new Result(answer.equals(CompileServer.GOOD), said);
  }

  private Server running() throws IOException {
    Server running = server;
    if (running == null || !running.process().isAlive()) {
      running = start();
      server = running;
    }
    return running;
  }

  private Server start() throws IOException {
    Process process =
        new ProcessBuilder(
                jdk.resolve("bin/java").toString(),
                "-XX:+UseSerialGC",
                // What the second compiler would do for it costs more than a day of use brings.
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-cp",
                own().toString(),
                CompileServer.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // One question is open at a time.
    BlockingQueue<String> answers = new LinkedBlockingQueue<>(4);
    Thread reader = new Thread(() -> read(process, answers), "rr-run-compiler");
    reader.setDaemon(true);
    reader.start();
    return new Server(process, answers);
  }

  private static void read(Process process, BlockingQueue<String> answers) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        answers.put(line);
      }
      answers.put(GONE);
    } catch (IOException e) {
      process.destroyForcibly();
      boolean unused = answers.offer(GONE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The jar, or the folder, that this class is in. */
  private static Path own() throws IOException {
    try {
      return Path.of(
          ResidentCompiler.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    Server running = server;
    server = null;
    if (running == null) {
      return;
    }
    try {
      running.process().getOutputStream().close();
      if (!running.process().waitFor(TO_END.toSeconds(), TimeUnit.SECONDS)) {
        running.process().destroyForcibly();
      }
    } catch (InterruptedException e) {
      running.process().destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

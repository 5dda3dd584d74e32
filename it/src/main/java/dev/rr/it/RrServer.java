package dev.rr.it;

import dev.rr.testing.server.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A running {@code rr serve}. Closing it asks it to stop, as Ctrl+C would, and waits for the end.
 * One thread starts and closes it; requests may come from any.
 */
public final class RrServer implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(20))
          .build();
  private final Process process;
  private final Path folder;
  private final int port;

  private RrServer(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /** A port that nobody listens on, as {@link TestServer#freePort} gives it. */
  public static int freePort() {
    try {
      return TestServer.freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a server in {@code command}'s folder and waits until it answers.
   *
   * @param command ends in {@code serve} and its options
   * @param port where its configuration makes it listen
   * @throws IllegalStateException with what it said, when it ends or stays silent for a minute
   */
  public static RrServer start(ShellCommand command, int port) throws IOException {
    Path folder = command.folder();
    Process process = command.start(folder.resolve("out.log"), folder.resolve("err.log"));
    RrServer server = new RrServer(process, folder, port);
    try {
      await("an answer", () -> !process.isAlive() || server.answers());
      if (!process.isAlive()) {
        throw new IllegalStateException("rr ended with " + process.exitValue());
      }
      return server;
    } catch (IllegalStateException e) {
      process.destroyForcibly();
      throw new IllegalStateException(e.getMessage() + "\n" + server.log(), e);
    }
  }

  /** Asks for a path. */
  public HttpResponse<String> get(String path) throws IOException {
    return send(HttpRequest.newBuilder().GET(), path);
  }

  /** Posts a body. */
  public HttpResponse<String> post(String path, String type, String body) throws IOException {
    return send(
        HttpRequest.newBuilder()
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)),
        path);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path) throws IOException {
    try {
      return client.send(
          request
              .uri(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(20))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private boolean answers() {
    try {
      get("/");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What it has printed so far. */
  public String log() throws IOException {
    return ShellCommand.read(folder.resolve("out.log"))
        + ShellCommand.read(folder.resolve("err.log"));
  }

  /** The server's own process. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** The PHP processes below it. */
  public List<ProcessHandle> workers() {
    return process
        .descendants()
        .filter(p -> p.info().command().orElse("").contains("php"))
        .toList();
  }

  /** Stops it and returns its exit code. */
  public int stop() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("rr did not stop\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    client.close();
    if (process.isAlive()) {
      stop();
    }
  }

  /**
   * Waits until something is so, at most a minute.
   *
   * @throws IllegalStateException when it does not become so
   */
  public static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("waited in vain for " + what);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** Writes a configuration into a folder and returns the folder. */
  public static Path configure(Path folder, String yaml) throws IOException {
    Files.writeString(folder.resolve(".rr.yaml"), yaml);
    return folder;
  }
}

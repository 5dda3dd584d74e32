package dev.rr.plugin.sqs;

import dev.rr.testing.server.TestServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * ElasticMQ as a process of its own. It takes seconds to start, so tests share one, which ends with
 * their JVM. It keeps nothing over its own end.
 */
final class ElasticMq {
  private static @Nullable ElasticMq shared;

  private final Path folder;
  private final int port;
  private @Nullable TestServer server;

  private ElasticMq(Path folder) throws IOException {
    this.folder = folder;
    this.port = TestServer.freePort();
  }

  /** What the process runs. */
  public static void main(String[] args) {
    var _ =
        SQSRestServerBuilder.withPort(Integer.parseInt(args[0])).withInterface("127.0.0.1").start();
  }

  /** The one of all tests. */
  static synchronized ElasticMq shared() throws IOException {
    ElasticMq running = shared;
    if (running == null) {
      ElasticMq made = new ElasticMq(Files.createTempDirectory("rr-elasticmq"));
      Runtime.getRuntime().addShutdownHook(new Thread(made::end));
      made.start();
      shared = made;
      running = made;
    }
    return running;
  }

  void start() throws IOException {
    Path logging = folder.resolve("logging.properties");
    Files.writeString(
        logging,
        """
        handlers=java.util.logging.ConsoleHandler
        .level=WARNING
        """);
    server =
        TestServer.listening(
            folder,
            port,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.config.file=" + logging,
                "-cp",
                System.getProperty("java.class.path"),
                ElasticMq.class.getName(),
                Integer.toString(port)));
  }

  /** Ends it without a word. */
  void kill() {
    if (server != null) {
      server.kill();
    }
  }

  int port() {
    return port;
  }

  private void end() {
    kill();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

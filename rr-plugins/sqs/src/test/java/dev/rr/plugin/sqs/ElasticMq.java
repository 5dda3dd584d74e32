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
import org.jspecify.annotations.Nullable;

/**
 * ElasticMQ as a process of its own, with a database in a folder: what it has accepted outlives it.
 * It takes seconds to start, so tests share one, which ends with their JVM.
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

  /** The one of all tests. */
  static synchronized ElasticMq shared() throws IOException {
    ElasticMq running = shared;
    if (running == null) {
      ElasticMq made = new ElasticMq(Files.createTempDirectory("rr-elasticmq"));
      Runtime.getRuntime().addShutdownHook(new Thread(made::end));
      made.configure();
      made.start();
      shared = made;
      running = made;
    }
    return running;
  }

  private void configure() throws IOException {
    Files.writeString(
        folder.resolve("logging.properties"),
        """
        handlers=java.util.logging.ConsoleHandler
        .level=WARNING
        """);
    Files.writeString(
        folder.resolve("elasticmq.conf"),
        """
        include classpath("application.conf")
        rest-sqs {bind-port = %1$d, bind-hostname = "127.0.0.1", sqs-limits = strict}
        rest-stats.enabled = false
        node-address {host = "127.0.0.1", port = %1$d}
        messages-storage {
          enabled = true
          driver-class-name = "org.h2.Driver"
          uri = "jdbc:h2:file:%2$s/messages;WRITE_DELAY=0"
        }
        """
            .formatted(port, folder));
  }

  /** Starts it on what it left behind. */
  void start() throws IOException {
    server =
        TestServer.listening(
            folder,
            port,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.config.file=" + folder.resolve("logging.properties"),
                "-Dconfig.file=" + folder.resolve("elasticmq.conf"),
                "-cp",
                System.getProperty("java.class.path"),
                "org.elasticmq.server.Main"));
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

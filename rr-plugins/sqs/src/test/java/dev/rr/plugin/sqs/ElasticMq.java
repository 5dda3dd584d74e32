package dev.rr.plugin.sqs;

import dev.rr.testing.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ElasticMQ as a process of its own, with a database in a folder: what it has accepted outlives it.
 * It takes seconds to start, so tests share one, which ends with their JVM.
 */
final class ElasticMq {
  private static @Nullable TestServer shared;

  private ElasticMq() {}

  /** The one of all tests. */
  static synchronized TestServer shared() throws IOException {
    TestServer running = shared;
    if (running == null) {
      running = start(TestServer.sharedFolder("rr-elasticmq"));
      shared = running;
    }
    return running;
  }

  private static TestServer start(Path folder) throws IOException {
    int port = TestServer.freePort();
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
    return TestServer.listening(
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
}

package dev.rr.plugin.kafka;

import dev.rr.testing.server.Restartable;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.tls.TestKeys;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Kafka as a process of its own, broker and controller in one, in a folder. It takes seconds to
 * start, so tests share one, which ends with their JVM.
 */
final class TestBroker implements Restartable {
  /** The broker's code says much where tests run it, and so does the client's. */
  private static final Logger TALKATIVE = Logger.getLogger("");

  private static @Nullable TestBroker shared;

  final Path folder;
  final int port;
  final int saslPort;
  final int tlsPort;
  private final int controllerPort;
  private final TestServer server;

  private TestBroker(Path folder) throws Exception {
    this.folder = folder;
    int[] ports = TestServer.freePorts(4);
    this.port = ports[0];
    this.saslPort = ports[1];
    this.tlsPort = ports[2];
    this.controllerPort = ports[3];
    TestKeys.make(folder, "server", "EC");
    TestKeys.make(folder, "client", "EC");
    format();
    this.server = start();
  }

  /** The one of all tests. */
  static synchronized TestBroker shared() throws Exception {
    TestBroker running = shared;
    if (running == null) {
      running = new TestBroker(TestServer.sharedFolder("rr-kafka"));
      shared = running;
    }
    return running;
  }

  private void format() throws IOException {
    TALKATIVE.setLevel(Level.SEVERE);
    Files.writeString(
        folder.resolve("logging.properties"),
        """
        handlers=java.util.logging.ConsoleHandler
        .level=WARNING
        """);
    Files.writeString(
        folder.resolve("server.properties"),
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%4$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,SASL_PLAINTEXT://127.0.0.1:%2$d,SSL://127.0.0.1:%3$d,CONTROLLER://127.0.0.1:%4$d
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL,CONTROLLER:PLAINTEXT
        controller.listener.names=CONTROLLER
        broker.session.timeout.ms=1000
        broker.heartbeat.interval.ms=200
        sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
        listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_worker="p\\\\"ss\\\\\\\\";
        listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
        listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
        ssl.keystore.type=PKCS12
        ssl.keystore.location=%5$s/server.p12
        ssl.keystore.password=secret
        ssl.key.password=secret
        ssl.truststore.type=PEM
        ssl.truststore.location=%5$s/client.crt
        ssl.client.auth=required
        log.dirs=%5$s/data
        num.partitions=1
        offsets.topic.num.partitions=1
        offsets.topic.replication.factor=1
        group.initial.rebalance.delay.ms=0
        group.min.session.timeout.ms=1000
        log.cleaner.dedupe.buffer.size=1100000
        num.network.threads=1
        num.io.threads=2
        background.threads=1
        """
            .formatted(port, saslPort, tlsPort, controllerPort, folder));
    int failed =
        StorageTool.execute(
            new String[] {
              "format",
              "-t",
              Uuid.randomUuid().toString(),
              "-c",
              folder.resolve("server.properties").toString(),
              "--add-scram",
              "SCRAM-SHA-256=[name=worker,password=scram]",
              "--add-scram",
              "SCRAM-SHA-512=[name=worker,password=scram]"
            },
            new PrintStream(Files.newOutputStream(folder.resolve("format.log"))));
    if (failed != 0) {
      throw new AssertionError(Files.readString(folder.resolve("format.log")));
    }
  }

  private TestServer start() throws IOException {
    return TestServer.listening(
        folder,
        port,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.util.logging.config.file=" + folder.resolve("logging.properties"),
            "-cp",
            System.getProperty("java.class.path"),
            "kafka.Kafka",
            folder.resolve("server.properties").toString()));
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void restart() throws IOException {
    server.restart();
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** Makes a topic. */
  void topic(String name, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address()))) {
      var unused =
          admin
              .createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
              .all()
              .get(30, TimeUnit.SECONDS);
    }
  }
}

package dev.rr.plugin.googlepubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.Problems;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.log.Log;
import dev.rr.net.AddressForms;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.server.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Google's fake of Pub/Sub, which forgets everything when it ends. One thread. */
final class TestPubSub implements AutoCloseable {
  private static final Path PROGRAM = Path.of("../../target/test-tools/pstest");

  /** More messages than a test publishes. */
  private static final int NUMBERS = 20_000;

  /** Longer than a busy machine is silent; what is lost on its way comes again after it. */
  static final Duration LEASE = Duration.ofSeconds(8);

  private final Path folder;
  private final int port;
  private int starts;
  private TestServer server;

  TestPubSub(Path folder) throws IOException {
    assertThat(PROGRAM).as("pstest: bin/test-tools builds it").isExecutable();
    this.folder = folder;
    this.port = TestServer.freePort();
    this.server = start();
  }

  private TestServer start() throws IOException {
    int first = NUMBERS * starts++;
    TestServer started =
        TestServer.start(
            folder,
            List.of(
                PROGRAM.toAbsolutePath().toString(), "127.0.0.1:" + port, Integer.toString(first)));
    started.await("it is ready", () -> started.output().contains("ready"));
    return started;
  }

  /** Ends it without a word. */
  void kill() {
    server.kill();
  }

  /**
   * Starts it, empty; what was handed over before is known by numbers that it does not give again.
   */
  void restart() throws IOException {
    server = start();
  }

  int port() {
    return port;
  }

  PubSubClient client(Log log) {
    return client(port, log);
  }

  static PubSubClient client(int port, Log log) {
    return new PubSubClient(
        AddressForms.PORT.parse("127.0.0.1:" + port), PubSubAccess.plaintext(), log);
  }

  static PubSubKeys keys(String topic, int prefetch) {
    return new PubSubKeys("rr", topic, "", 0, prefetch);
  }

  static PubSubPipeline open(PubSubClient client, PubSubKeys keys, JobSink sink, Log log)
      throws Exception {
    return open(client, "pipeline-" + keys.topic(), keys, LEASE, sink, log);
  }

  static PubSubPipeline open(
      PubSubClient client, String name, PubSubKeys keys, Duration lease, JobSink sink, Log log)
      throws Exception {
    PipelineSpec spec =
        new PipelineSpec(
            name,
            10,
            new FakeConfigurer().section("jobs.pipelines." + name, new Problems()),
            false);
    PubSubPipeline pipeline = new PubSubPipeline(spec, keys, client, lease, sink, log);
    pipeline.open();
    return pipeline;
  }

  @Override
  public void close() {
    server.close();
  }
}

package dev.rr.plugin.nats;

import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.testing.jobs.JobsDriverContract;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class NatsPipelineTest extends JobsDriverContract {
  private static TestServer nats;

  private final RecordingLog log = new RecordingLog();
  private String stream = "";
  private @Nullable NatsServer client;

  @BeforeAll
  static void startServer(@TempDir Path folder) throws Exception {
    nats = TestNats.start(folder);
  }

  @AfterAll
  static void stopServer() {
    nats.close();
  }

  @AfterEach
  void closeClient() throws Exception {
    client().close(Duration.ofSeconds(5));
  }

  /** The contract opens a pipeline before anything here can be called. */
  private NatsServer client() {
    NatsServer made = client == null ? TestNats.client(nats.port(), log) : client;
    client = made;
    return made;
  }

  @Override
  protected Pipeline open(JobSink sink) throws Exception {
    stream = UUID.randomUUID().toString();
    return TestNats.open(client(), TestNats.keys(stream), sink, log);
  }

  @Override
  protected Optional<Pipeline> openWith(JobSink sink, int prefetch) throws Exception {
    stream = UUID.randomUUID().toString();
    return Optional.of(
        TestNats.open(client(), TestNats.keys(stream, prefetch, "30s", false), sink, log));
  }

  /** The server's own bound of a message. */
  @Override
  protected int tooLongHeader() {
    return 2 << 20;
  }

  @Override
  protected Optional<Pipeline> reopen(JobSink sink) throws Exception {
    return Optional.of(TestNats.open(client(), TestNats.keys(stream), sink, log));
  }
}

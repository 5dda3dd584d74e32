package dev.rr.plugin.kafka;

import static dev.rr.testing.jobs.TestJobs.soon;

import dev.rr.api.jobs.Pipeline;
import dev.rr.testing.jobs.BrokerOutageContract;
import dev.rr.testing.jobs.JobsChaos;
import dev.rr.testing.server.Restartable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A broker that is killed and comes back, which takes seconds. */
class KafkaOutageTest extends BrokerOutageContract {
  private final TestBroker broker = TestBroker.shared();
  private final String topic = TestKafka.unique();
  private final List<TestKafka> plugins = new ArrayList<>();

  KafkaOutageTest() throws Exception {}

  @AfterEach
  void close() throws Exception {
    for (TestKafka plugin : plugins) {
      plugin.close();
    }
  }

  @Override
  protected Restartable broker() {
    return broker;
  }

  @Override
  protected Words words() {
    return new Words(
        "redialing",
        "restored",
        "kafka_ping: unable to dial",
        "kafka_push:\n\tkafka_handle_item: context deadline exceeded",
        "");
  }

  @Override
  protected Pipeline open(int port) throws Exception {
    // Of a broker that is not there it waits for so long.
    String patience = port == broker.port() ? "10s" : "1s";
    Map<String, Object> config =
        Map.of("brokers", List.of("127.0.0.1:" + port), "ping", Map.of("timeout", patience));
    TestKafka kafka = TestKafka.with(config, Path.of("."), log);
    plugins.add(kafka);
    return kafka.open("p", TestKafka.keys(topic), sink);
  }

  @Override
  protected boolean mayStandBehindAProxy() {
    return false;
  }

  @Override
  protected int faults() {
    return 1;
  }

  /** Kills the broker, and the pipeline with it; or the broker alone. */
  @Override
  protected void fail(JobsChaos chaos, int number) throws Exception {
    boolean opensAnew = number == 0 || chaos.random().nextBoolean();
    broker.kill();
    FutureTask<Void> stopped = new FutureTask<>(() -> stop(chaos.pipeline()));
    if (opensAnew) {
      Thread.ofVirtual().start(stopped);
    }
    broker.restart();
    if (opensAnew) {
      stopped.get(1, TimeUnit.MINUTES);
      openAnew(chaos);
    }
  }

  private static Void stop(Pipeline pipeline) throws Exception {
    pipeline.stop(soon());
    return null;
  }
}

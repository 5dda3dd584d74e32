package dev.rr.plugin.sqs;

import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Pipeline;
import dev.rr.testing.jobs.BrokerOutageContract;
import dev.rr.testing.jobs.JobsChaos;
import dev.rr.testing.server.Restartable;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.server.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SQS, or the way to it, that is away for a while. */
class SqsOutageTest extends BrokerOutageContract {
  private final TestServer server = ElasticMq.shared();
  private final TestProxy network = TestProxy.before(server.port());
  private final String queue = TestSqs.unique();
  private final List<TestSqs> plugins = new ArrayList<>();

  SqsOutageTest() throws Exception {}

  @AfterEach
  void close() throws Exception {
    for (TestSqs plugin : plugins) {
      plugin.close();
    }
    network.close();
  }

  /** The server takes seconds to start, and then does not know its queues at once. */
  @Override
  protected Restartable broker() {
    return network;
  }

  @Override
  protected Words words() {
    String unreachable = "cannot reach SQS at http://127.0.0.1:PORT: ";
    return new Words(
        "SQS cannot be reached",
        "SQS is reached again",
        "new_sqs_consumer: " + unreachable + "Connection refused",
        "sqs_push: " + unreachable + "Connection refused",
        "sqs_push: " + unreachable + "no answer within ");
  }

  @Override
  protected Pipeline open(int port) throws Exception {
    TestSqs sqs = TestSqs.at(port, log);
    plugins.add(sqs);
    return sqs.open(TestSqs.keys(queue, "prefetch", "10", "visibility_timeout", "2"), sink);
  }

  @Override
  protected int faults() {
    return 2;
  }

  @Override
  protected void fail(JobsChaos chaos, int number) throws Exception {
    if (number % 2 == 0) {
      server.kill();
      server.restart();
    } else {
      openAnew(chaos);
    }
  }

  @Test
  void anUnknownHostIsTold() throws Exception {
    try (TestSqs sqs =
        new TestSqs(
            Map.of("key", "k", "secret", "hidden", "endpoint", "http://nobody.invalid:1"))) {
      assertThatThrownBy(() -> sqs.open(TestSqs.keys(queue), sink))
          .hasMessage(
              "new_sqs_consumer: cannot reach SQS at http://nobody.invalid:1: nobody knows the"
                  + " host");
    }
  }

  @Test
  void aPauseDoesNotWaitForTheAnswerToALongPoll() throws Exception {
    try (TestSqs sqs = TestSqs.at(server.port())) {
      Pipeline pipeline = sqs.open(TestSqs.keys(queue, "wait_time_seconds", "20"), sink);
      pipeline.resume(soon());
      pipeline.push(List.of(job("x")), soon());
      sink.take().ack();
      long begun = System.nanoTime();
      pipeline.pause(soon());
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    }
  }
}

package dev.rr.plugin.amqp;

import static dev.rr.plugin.amqp.TestAmqp.soon;
import static dev.rr.plugin.amqp.TestAmqp.unique;

import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.testing.jobs.JobsChaos;
import dev.rr.testing.jobs.RecordingSink;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything at once, on durable queues. */
@Timeout(7200)
class AmqpChaosTest {
  private static final int KINDS = 4;
  private static final Duration DELAY = Duration.ofSeconds(1);

  private final RecordingSink sink = new RecordingSink(50);
  private final Map<String, Object> keys = unique();

  @BeforeAll
  static void startBroker() throws Exception {
    var _ = TestBroker.shared();
  }

  /** Some of the jobs are delayed, and so come back through the exchange. */
  @Test
  void whatWasAcknowledgedIsHandedOverHoweverTheBrokerAndThePipelineEnd() throws Exception {
    keys.put("durable", "true");
    keys.put("exchange_durable", "true");
    try (TestAmqp amqp = TestAmqp.at(TestBroker.shared().address())) {
      Pipeline first = consuming(amqp);
      try (JobsChaos chaos =
          new JobsChaos(first, sink, Duration.ofSeconds(10), Job.LogPlace.NONE)) {
        chaos.delay(DELAY);
        int faults = JobsChaos.faults(2);
        for (int number = 0; number < faults; number++) {
          int kind = number < KINDS ? number : chaos.random().nextInt(KINDS);
          chaos.after(50, () -> bringAbout(kind, chaos, amqp));
        }
        chaos.finish();
        System.out.println("amqp: " + chaos);
      }
    }
  }

  private Pipeline consuming(TestAmqp amqp) throws Exception {
    Pipeline pipeline = amqp.open("chaos", keys, sink);
    pipeline.resume(soon());
    return pipeline;
  }

  private void bringAbout(int kind, JobsChaos chaos, TestAmqp amqp) throws Exception {
    TestBroker broker = TestBroker.shared();
    switch (kind) {
      case 0 -> {
        // RabbitMQ moves a job that becomes due to its queue without a sync, so one that does in
        // the instant in which the broker ends may be lost, whoever delayed it.
        chaos.endDelays();
        broker.kill();
        broker.start();
        chaos.delay(DELAY);
      }
      case 1 -> {
        chaos.pipeline().stop(soon());
        chaos.use(consuming(amqp));
      }
      case 2 -> broker.restartApplication();
      default -> {
        broker.alarm(true);
        Thread.sleep(chaos.random().nextInt(2000));
        broker.alarm(false);
      }
    }
  }
}

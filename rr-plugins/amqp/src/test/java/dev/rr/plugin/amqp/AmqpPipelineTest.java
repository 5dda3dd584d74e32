package dev.rr.plugin.amqp;

import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.testing.jobs.JobsDriverContract;
import dev.rr.testing.worker.LeakCheck;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pipeline on a broker that is there all the time. */
@ExtendWith(LeakCheck.class)
class AmqpPipelineTest extends JobsDriverContract {
  private static TestBroker broker;
  private TestAmqp amqp;
  private Map<String, Object> keys;

  @BeforeAll
  static void broker() throws Exception {
    broker = TestBroker.shared();
  }

  private TestAmqp amqp() {
    if (amqp == null) {
      amqp = TestAmqp.at(broker.address());
    }
    return amqp;
  }

  @AfterEach
  void close() throws Exception {
    amqp().close();
  }

  @Override
  protected Pipeline open(JobSink sink) throws Exception {
    keys = TestAmqp.unique();
    keys.put("requeue_on_fail", "true");
    return amqp().open("contract", keys, sink);
  }

  @Override
  protected Optional<Pipeline> reopen(JobSink sink) throws Exception {
    return Optional.of(amqp().open("contract", keys, sink));
  }
}

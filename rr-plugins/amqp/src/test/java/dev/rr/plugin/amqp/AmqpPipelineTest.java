package dev.rr.plugin.amqp;

import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.testing.jobs.JobsDriverContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** A pipeline on a broker that is there all the time. */
class AmqpPipelineTest extends JobsDriverContract {
  private final List<TestAmqp> plugins = new ArrayList<>();
  private Map<String, Object> keys = Map.of();

  @BeforeAll
  static void startBroker() throws Exception {
    var _ = TestBroker.shared();
  }

  private TestAmqp amqp() throws Exception {
    if (plugins.isEmpty()) {
      plugins.add(TestAmqp.at(TestBroker.shared().address()));
    }
    return plugins.getFirst();
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
  protected Optional<Pipeline> openWith(JobSink sink, int prefetch) throws Exception {
    keys = TestAmqp.unique();
    keys.put("prefetch", Integer.toString(prefetch));
    return Optional.of(amqp().open("contract", keys, sink));
  }

  /** A head is one frame, of 128 KiB at most. */
  @Override
  protected int tooLongHeader() {
    return 1 << 20;
  }

  @Override
  protected Optional<Pipeline> reopen(JobSink sink) throws Exception {
    return Optional.of(amqp().open("contract", keys, sink));
  }
}

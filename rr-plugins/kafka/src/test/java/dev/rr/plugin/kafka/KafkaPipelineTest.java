package dev.rr.plugin.kafka;

import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.testing.jobs.JobsDriverContract;
import dev.rr.testing.worker.LeakCheck;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pipeline on a broker that is there all the time. */
@ExtendWith(LeakCheck.class)
class KafkaPipelineTest extends JobsDriverContract {
  private @Nullable TestKafka kafka;
  private Map<String, Object> keys = Map.of();

  @BeforeAll
  static void startBroker() throws Exception {
    var _ = TestBroker.shared();
  }

  private TestKafka kafka() throws Exception {
    TestKafka made = kafka;
    if (made == null) {
      made = TestKafka.at(TestBroker.shared().address());
      kafka = made;
    }
    return made;
  }

  @AfterEach
  void close() throws Exception {
    kafka().close();
  }

  @Override
  protected Pipeline open(JobSink sink) throws Exception {
    keys = TestKafka.keys(TestKafka.unique());
    return kafka().open("contract", keys, sink);
  }

  @Override
  protected Optional<Pipeline> reopen(JobSink sink) throws Exception {
    return Optional.of(kafka().open("contract", keys, sink));
  }

  /** Kafka has no delays; those of jobs that come again are waited for here. */
  @Override
  protected boolean delays() {
    return false;
  }

  /** Nothing in a log is forgotten. */
  @Override
  protected boolean keepsAutoAck() {
    return false;
  }

  /** The producer's own bound of a record. */
  @Override
  protected int tooLongHeader() {
    return 2 << 20;
  }

  @Override
  protected boolean delaysAgain() {
    return true;
  }
}

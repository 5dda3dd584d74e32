package dev.rr.plugin.sqs;

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

/** A pipeline on a standard queue. */
@ExtendWith(LeakCheck.class)
class SqsPipelineTest extends JobsDriverContract {
  private @Nullable TestSqs sqs;
  private Map<String, Object> keys = Map.of();

  @BeforeAll
  static void startServer() throws Exception {
    var _ = ElasticMq.shared();
  }

  /** The contract opens a pipeline before anything here can be called. */
  private TestSqs sqs() throws Exception {
    TestSqs made = sqs == null ? TestSqs.shared() : sqs;
    sqs = made;
    return made;
  }

  @AfterEach
  void close() throws Exception {
    sqs().close();
  }

  /** By default one job is held, and the contract holds several. */
  @Override
  protected Pipeline open(JobSink sink) throws Exception {
    return open(sink, 10);
  }

  private Pipeline open(JobSink sink, int held) throws Exception {
    // A job that a stopped long poll brings to nobody is hidden for so many seconds.
    keys =
        TestSqs.keys(
            TestSqs.unique(),
            "max_messages_in_flight",
            Integer.toString(held),
            "visibility_timeout",
            "8");
    return sqs().open(keys, sink);
  }

  @Override
  protected Optional<Pipeline> openWith(JobSink sink, int prefetch) throws Exception {
    return Optional.of(open(sink, prefetch));
  }

  @Override
  protected Optional<Pipeline> reopen(JobSink sink) throws Exception {
    return Optional.of(sqs().open(keys, sink));
  }

  /** As upstream, it comes again. */
  @Override
  protected boolean dropsRefusedJobs() {
    return false;
  }
}

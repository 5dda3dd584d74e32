package dev.rr.plugin.beanstalk;

import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.testing.jobs.JobsDriverContract;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class BeanstalkPipelineTest extends JobsDriverContract {
  private static TestBeanstalkd server;

  private final RecordingLog log = new RecordingLog();
  private String tube;

  @BeforeAll
  static void startServer(@TempDir Path folder) throws Exception {
    server = new TestBeanstalkd(folder);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Override
  protected Pipeline open(JobSink sink) throws Exception {
    tube = UUID.randomUUID().toString();
    return TestBeanstalkd.open(server.at(Duration.ofSeconds(30)), tube, sink, log);
  }

  @Override
  protected Optional<Pipeline> reopen(JobSink sink) throws Exception {
    return Optional.of(TestBeanstalkd.open(server.at(Duration.ofSeconds(30)), tube, sink, log));
  }
}

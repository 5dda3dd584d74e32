package dev.rr.plugin.beanstalk;

import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.BrokerOutageContract;
import dev.rr.testing.server.Restartable;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.LeakCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class BeanstalkOutageTest extends BrokerOutageContract {
  private static final Duration LONG = Duration.ofSeconds(30);

  // One for each test: what it restarts must be gone with it.
  private TestServer server;

  private final String tube = UUID.randomUUID().toString();

  @BeforeEach
  void startServer(@TempDir Path folder) throws Exception {
    server = TestBeanstalkd.start(folder);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Override
  protected Restartable broker() {
    return server;
  }

  @Override
  protected Words words() {
    String unreachable = "cannot connect to beanstalkd at tcp://127.0.0.1:PORT: Connection refused";
    return new Words(
        "connection lost",
        "connected again",
        "new_beanstalk_consumer: " + unreachable,
        "beanstalk_push:\n\tbeanstalk_handle_item: " + unreachable,
        "beanstalk_push:\n\tbeanstalk_handle_item: beanstalkd at tcp://127.0.0.1:PORT");
  }

  @Override
  protected Held held() {
    return Held.AGAIN;
  }

  @Override
  protected Pipeline open(int port) throws Exception {
    return open(port, LONG);
  }

  private BeanstalkPipeline open(int port, Duration timeout) throws Exception {
    return TestBeanstalkd.open(TestBeanstalkd.at(port, timeout), tube, sink, log);
  }

  @Test
  void doesNotOpenAtAServerThatIsSilentForTooLong() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port())) {
      proxy.stall();
      assertThatThrownBy(() -> open(proxy.port(), Duration.ofMillis(300)))
          .hasMessageContaining("new_beanstalk_consumer: ");
    }
  }

  @Test
  void aConnectionThatIsCutOffBringsItsJobsAgain() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port())) {
      BeanstalkPipeline pipeline = open(proxy.port(), LONG);
      pipeline.resume(soon());
      Job job = job("twice");
      pipeline.push(List.of(job), soon());
      Delivery lost = sink.take();
      proxy.cut();
      Delivery again = sink.take();
      assertThat(again.job().id()).isEqualTo(job.id());
      // What it held is not its any more: another may have it, or another job its number.
      assertThat(lost.stale()).isTrue();
      assertThat(again.stale()).isFalse();
      assertThatThrownBy(lost::ack).hasMessageContaining("lost");
      again.ack();
      assertThat(pipeline.state(soon()).reserved()).isZero();
      pipeline.stop(soon());
    }
  }

  @Test
  void aJobIsKeptAsLongAsItIsWorkedOn() throws Exception {
    BeanstalkPipeline pipeline = open(server.port(), Duration.ofSeconds(2));
    pipeline.resume(soon());
    pipeline.push(List.of(job("slow")), soon());
    Delivery slow = sink.take();
    // The server would give it to somebody else after two seconds.
    assertThat(sink.poll(3000)).isNull();
    slow.ack();
    assertThat(pipeline.state(soon()))
        .satisfies(state -> {
          assertThat(state.active()).isZero();
          assertThat(state.reserved()).isZero();
        });
    pipeline.stop(soon());
  }

  @Test
  void aPushOverASilentNetworkIsBoundedByItsDeadlineHoweverMuchThereIsToSend() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port())) {
      BeanstalkPipeline pipeline = open(proxy.port(), LONG);
      proxy.stall();
      List<Job> jobs = Collections.nCopies(500, job("x".repeat(60_000)));
      long begun = System.nanoTime();
      assertThatThrownBy(() -> pipeline.push(jobs, Deadline.after(Duration.ofMillis(500))))
          .hasMessageStartingWith("beanstalk_push:\n\tbeanstalk_handle_item: beanstalkd at ");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
      proxy.close();
      pipeline.stop(soon());
    }
  }
}

package dev.rr.plugin.beanstalk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.JobsDriverContract;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class BeanstalkPipelineTest extends JobsDriverContract {
  private static TestServer server;

  private final RecordingLog log = new RecordingLog();
  private String tube = "";

  @BeforeAll
  static void startServer(@TempDir Path folder) throws Exception {
    server = TestBeanstalkd.start(folder);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static BeanstalkServer at() {
    return TestBeanstalkd.at(server.port(), Duration.ofSeconds(30));
  }

  @Override
  protected Pipeline open(JobSink sink) throws Exception {
    tube = UUID.randomUUID().toString();
    return TestBeanstalkd.open(at(), tube, sink, log);
  }

  @Override
  protected Optional<Pipeline> reopen(JobSink sink) throws Exception {
    return Optional.of(TestBeanstalkd.open(at(), tube, sink, log));
  }

  @Override
  protected Optional<Pipeline> openWith(JobSink sink, int prefetch) throws Exception {
    tube = UUID.randomUUID().toString();
    return Optional.of(open(sink, prefetch, true));
  }

  /** The server's own bound of a job. */
  @Override
  protected int tooLongHeader() {
    return 70_000;
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  private Pipeline open(JobSink sink, int prefetch, boolean requeueOnFail) throws Exception {
    return TestBeanstalkd.open(
        at(), TestBeanstalkd.config(tube, prefetch, requeueOnFail), sink, log);
  }

  @Test
  void tellsHowManyJobsOfItsTubeAreInWhichState() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 2, true);
    PipelineState unused = pipeline.state(soon());
    assertThat(List.of(unused.active(), unused.delayed(), unused.reserved()))
        .containsExactly(0L, 0L, 0L);
    Job later = job("later");
    pipeline.push(IntStream.range(0, 5).mapToObj(i -> job("job " + i)).toList(), soon());
    pipeline.push(
        List.of(later.withOptions(later.options().withDelay(Duration.ofHours(1)))), soon());
    PipelineState waiting = pipeline.state(soon());
    assertThat(waiting.queue()).isEqualTo(tube);
    assertThat(waiting.driver()).isEqualTo("beanstalk");
    assertThat(List.of(waiting.active(), waiting.delayed(), waiting.reserved()))
        .containsExactly(5L, 1L, 0L);
    pipeline.resume(soon());
    Await.until("two are taken", () -> sink.size() == 2);
    PipelineState taken = pipeline.state(soon());
    assertThat(List.of(taken.active(), taken.delayed(), taken.reserved()))
        .containsExactly(3L, 1L, 2L);
    pipeline.stop(soon());
  }

  @Test
  void reservesNoMoreThanItsPrefetch() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 3, true);
    pipeline.push(IntStream.range(0, 50).mapToObj(i -> job("job " + i)).toList(), soon());
    pipeline.resume(soon());
    Set<String> payloads = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      Delivery next = sink.take();
      assertThat(sink.size()).isLessThan(3);
      payloads.add(new String(next.job().payload(), UTF_8));
      next.ack();
    }
    assertThat(payloads).hasSize(50);
    pipeline.stop(soon());
  }

  @Test
  void takesAJobOnWhileAnotherIsWorkedOn() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 100, true);
    pipeline.resume(soon());
    pipeline.push(List.of(job("slow")), soon());
    Delivery slow = sink.take();
    pipeline.push(List.of(job("next")), soon());
    sink.take().ack();
    slow.ack();
    assertThat(pipeline.state(soon()).reserved()).isZero();
    pipeline.stop(soon());
  }

  @Test
  void mayLoseTheJobOfADeadWorkerAsUpstreamDoes() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 100, false);
    pipeline.resume(soon());
    pipeline.push(List.of(job("deadly")), soon());
    sink.take().nack();
    PipelineState after = pipeline.state(soon());
    assertThat(after.active() + after.reserved() + after.delayed()).isZero();
    pipeline.stop(soon());
  }

  @Test
  void takesJobsOfOthersAsTheyAreAndGivesThemAName() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 100, true);
    pipeline.resume(soon());
    try (Socket other = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String put = "use " + tube + "\r\nput 7 0 3 13\r\nfooobarrbazzz\r\n";
      other.getOutputStream().write(put.getBytes(UTF_8));
      Delivery foreign = sink.take();
      assertThat(foreign.job().payload()).asString(UTF_8).isEqualTo("fooobarrbazzz");
      assertThat(foreign.job().name()).isEqualTo("deduced_by_rr");
      assertThat(foreign.job().options().priority()).isZero();
      assertThat(foreign.queue()).isEqualTo(tube);
      assertThat(foreign.pipeline()).isEmpty();
      foreign.requeue(Map.of("attempts", List.of("1")), Duration.ZERO);
      Delivery again = sink.take();
      assertThat(again.job().payload()).asString(UTF_8).isEqualTo("fooobarrbazzz");
      assertThat(again.job().headers()).containsEntry("attempts", List.of("1"));
      assertThat(again.job().id()).isEqualTo(foreign.job().id());
      again.ack();
    }
    pipeline.stop(soon());
  }

  @Test
  void refusesAJobThatItsServerDoesNotTakeAndNoneBehindIt() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 100, true);
    List<Job> jobs = List.of(job("before"), job("x".repeat(70_000)), job("behind"));
    assertThatThrownBy(() -> pipeline.push(jobs, soon()))
        .hasMessageStartingWith("beanstalk_push:\n\tbeanstalk_handle_item: put: job too big")
        .hasMessageContaining("65535 bytes");
    assertThat(pipeline.state(soon()).active()).isEqualTo(1);
    pipeline.stop(soon());
  }

  @Test
  void aJobWhoseNewHeadersItsServerDoesNotTakeComesAgainAsItWas() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 100, true);
    pipeline.resume(soon());
    Job job = job("x");
    pipeline.push(List.of(job), soon());
    sink.take().requeue(Map.of("large", List.of("x".repeat(70_000))), Duration.ZERO);
    Delivery again = sink.take();
    assertThat(again.job().id()).isEqualTo(job.id());
    assertThat(again.job().headers()).isEmpty();
    assertThat(log.with("job comes again without its new headers")).hasSize(1);
    again.ack();
    pipeline.stop(soon());
  }

  @Test
  void aJobHasOneOutcome() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 1, true);
    pipeline.resume(soon());
    pipeline.push(List.of(job("x")), soon());
    Delivery first = sink.take();
    first.nack(true, Duration.ZERO);
    Delivery again = sink.take();
    // The number is the same; the server would delete a job that waits.
    pipeline.pause(soon());
    again.nack(true, Duration.ZERO);
    assertThatThrownBy(first::ack).hasMessageContaining("has an outcome already");
    assertThat(pipeline.state(soon()).active()).isEqualTo(1);
    pipeline.stop(soon());
  }
}

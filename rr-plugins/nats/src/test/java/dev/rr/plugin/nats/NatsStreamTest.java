package dev.rr.plugin.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problems;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Statistics;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NatsStreamTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static TestServer nats;

  private final String stream = UUID.randomUUID().toString();
  private final RecordingLog log = new RecordingLog();
  private final RecordingSink sink = new RecordingSink(1000);
  private NatsServer client;

  @BeforeAll
  static void startServer(@TempDir Path folder) throws Exception {
    nats = TestNats.start(folder);
  }

  @AfterAll
  static void stopServer() {
    nats.close();
  }

  @BeforeEach
  void makeClient() {
    client = TestNats.client(nats.port(), log);
  }

  @AfterEach
  void closeClient() throws Exception {
    client.close(Duration.ofSeconds(5));
  }

  private NatsPipeline open(StreamKeys keys) throws Exception {
    return TestNats.open(client, keys, sink, log);
  }

  private NatsPipeline open() throws Exception {
    return open(TestNats.keys(stream));
  }

  private NatsPipeline open(String name, StreamKeys keys, boolean declared) throws Exception {
    PipelineSpec spec =
        new PipelineSpec(name, 10, new FakeConfigurer().section(name, new Problems()), declared);
    NatsPipeline pipeline = new NatsPipeline(spec, keys, client, sink, log);
    pipeline.open();
    return pipeline;
  }

  private StreamKeys onSubject(String subject, boolean deliverNew, boolean deleteOnStop) {
    return new StreamKeys(subject, stream, 10, "30s", deliverNew, 0, deleteOnStop, false, false);
  }

  private static Deadline soon() {
    return Deadline.after(LONG);
  }

  private static Job job(String payload, Map<String, List<String>> headers, Duration delay) {
    return new Job(
        UUID.randomUUID().toString(),
        "task",
        payload.getBytes(UTF_8),
        headers,
        Job.Options.NONE.withPriority(10).withDelay(delay));
  }

  private static Job job(String payload) {
    return job(payload, Map.of(), Duration.ZERO);
  }

  private static void push(NatsPipeline pipeline, Job... jobs) throws Exception {
    pipeline.push(List.of(jobs), soon());
  }

  private JetStreamManagement management() throws Exception {
    return client.connection(LONG).jetStreamManagement();
  }

  private long messages() throws Exception {
    return management().getStreamInfo(stream).getStreamState().getMsgCount();
  }

  private void limitConsumer(Function<ConsumerConfiguration.Builder, ?> limits) throws Exception {
    ConsumerConfiguration now =
        management().getConsumerInfo(stream, "rr-test").getConsumerConfiguration();
    ConsumerConfiguration.Builder changed = ConsumerConfiguration.builder(now);
    var _ = limits.apply(changed);
    var _ = management().addOrUpdateConsumer(stream, changed.build());
  }

  @Test
  void aRequestThatItsServerRefusesIsToldOnceAndNotMadeAgainAtOnce() throws Exception {
    NatsPipeline pipeline = open();
    limitConsumer(limits -> limits.maxExpires(1000));
    pipeline.resume(soon());
    Await.until("it is told", () -> !log.with("cannot consume").isEmpty());
    assertThat(log.with("cannot consume"))
        .singleElement()
        .asString()
        .contains("Exceeded MaxRequestExpires");
    Statistics counts = client.connection(LONG).getStatistics();
    long before = counts.getOutMsgs();
    assertThat(sink.poll(300)).isNull();
    // An attempt takes few; without a pause there would be thousands.
    assertThat(counts.getOutMsgs() - before).isLessThan(100);
    limitConsumer(limits -> limits.maxExpires(0));
    push(pipeline, job("afterwards"));
    sink.take().ack();
    assertThat(log.with("cannot consume")).hasSize(1);
    pipeline.stop(soon());
  }

  @Test
  void whatWasNotHandedOverIsGivenBackWhenThePauseComesWhileItWaitsToTryAgain() throws Exception {
    SynchronousQueue<Delivery> handedOver = new SynchronousQueue<>();
    NatsPipeline pipeline = TestNats.open(client, TestNats.keys(stream), waiting(handedOver), log);
    push(pipeline, IntStream.range(0, 10).mapToObj(i -> job("job " + i)).toArray(Job[]::new));
    pipeline.resume(soon());
    Await.until("all have arrived", () -> pipeline.held().size() == 10);
    limitConsumer(limits -> limits.maxExpires(1000));
    // There is room for one more now: it is asked for, and refused while the next waits.
    take(handedOver).ack();
    Delivery second = take(handedOver);
    Delivery third = take(handedOver);
    pipeline.pause(soon());
    assertThat(pipeline.held().size()).isLessThanOrEqualTo(2);
    second.ack();
    third.ack();
    limitConsumer(limits -> limits.maxExpires(0));
    pipeline.stop(soon());
  }

  /** A sink that has room for one, and only when somebody takes it. */
  private static JobSink waiting(SynchronousQueue<Delivery> handedOver) {
    return new JobSink() {
      @Override
      public void add(Delivery delivery) throws InterruptedException {
        handedOver.put(delivery);
      }

      @Override
      public boolean offer(Delivery delivery) {
        return handedOver.offer(delivery);
      }

      @Override
      public void lost(Throwable cause) {}

      @Override
      public void ended(String reason) {}
    };
  }

  private static Delivery take(SynchronousQueue<Delivery> handedOver) throws Exception {
    Delivery delivery = handedOver.poll(30, TimeUnit.SECONDS);
    assertThat(delivery).isNotNull();
    return delivery;
  }

  /** nats-server before 2.10 forgets one for as long as it waits for an outcome. */
  @Test
  void whatIsGivenBackByAPauseComesAgainAtOnceAndNothingTwice() throws Exception {
    RecordingSink narrow = new RecordingSink(1);
    NatsPipeline pipeline = TestNats.open(client, TestNats.keys(stream), narrow, log);
    for (int pause = 0; pause < 20; pause++) {
      List<Job> jobs = List.of(job("has a place"), job("waits for one"), job("waits behind it"));
      pipeline.push(jobs, soon());
      pipeline.resume(soon());
      Await.until("the queue is full", () -> narrow.size() == 1);
      pipeline.pause(soon());
      List<String> taken = new ArrayList<>();
      Delivery held = narrow.take();
      pipeline.resume(soon());
      for (int left = 2; left > 0; left--) {
        Delivery again = narrow.poll(5000);
        if (again == null) {
          throw new AssertionError("it did not come again after pause " + pause);
        }
        taken.add(again.job().id());
        again.ack();
      }
      pipeline.pause(soon());
      taken.add(held.job().id());
      held.ack();
      assertThat(taken).containsExactlyInAnyOrderElementsOf(jobs.stream().map(Job::id).toList());
    }
    pipeline.stop(soon());
  }

  @Test
  void holdsNoMoreThanItMay() throws Exception {
    NatsPipeline pipeline = open(TestNats.keys(stream, 3, "30s", false));
    List<Job> jobs = IntStream.range(0, 10).mapToObj(i -> job("job " + i)).toList();
    pipeline.push(jobs, soon());
    pipeline.resume(soon());
    Await.until("three have arrived", () -> sink.size() == 3);
    assertThat(sink.poll(0)).isNotNull();
    assertThat(pipeline.state(soon()).active()).isEqualTo(3);
    pipeline.stop(soon());
    RecordingSink next = new RecordingSink(100);
    NatsPipeline again = TestNats.open(client, TestNats.keys(stream, 3, "30s", false), next, log);
    again.resume(soon());
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < jobs.size(); i++) {
      Delivery delivery = next.take();
      seen.add(delivery.job().id());
      delivery.ack();
    }
    assertThat(seen).hasSize(10);
    again.stop(soon());
  }

  @Test
  void tellsWhatIsTakenAndWhatWaitsWhereUpstreamDoes() throws Exception {
    NatsPipeline pipeline = open(TestNats.keys(stream, 2, "30s", false));
    push(pipeline, job("1"), job("2"), job("3"));
    assertThat(pipeline.state(soon()))
        .isEqualTo(new PipelineState("test", "nats", stream + ".subject", 0, 0, 3, false, 10, ""));
    pipeline.resume(soon());
    Await.until("two have arrived", () -> sink.size() == 2);
    assertThat(pipeline.state(soon()))
        .isEqualTo(new PipelineState("test", "nats", stream + ".subject", 2, 0, 1, true, 10, ""));
    pipeline.stop(soon());
  }

  @Test
  void whatIsDoneStaysInTheStreamAndDoesNotComeAgain() throws Exception {
    NatsPipeline pipeline = open();
    pipeline.resume(soon());
    push(pipeline, job("done"));
    Delivery done = sink.take();
    assertThat(done.queue()).isEqualTo(stream);
    done.ack();
    pipeline.stop(soon());
    assertThat(messages()).isEqualTo(1);
    NatsPipeline again = open();
    again.resume(soon());
    push(again, job("next"));
    Delivery next = sink.take();
    assertThat(next.job().payload()).asString(UTF_8).isEqualTo("next");
    next.ack();
    again.stop(soon());
  }

  @Test
  void whatIsDoneOrDroppedLeavesTheStreamWhereThatIsWished() throws Exception {
    NatsPipeline pipeline = open(TestNats.keys(stream, 10, "30s", true));
    pipeline.resume(soon());
    push(pipeline, job("done"), job("dropped"));
    sink.take().ack();
    sink.take().nack(false, Duration.ZERO);
    assertThat(messages()).isZero();
    pipeline.stop(soon());
  }

  @Test
  void theOldMessageOfARequeuedJobLeavesTheStream() throws Exception {
    NatsPipeline pipeline = open();
    pipeline.resume(soon());
    push(pipeline, job("again", Map.of("Nats-Msg-Id", List.of("once")), Duration.ZERO));
    sink.take().requeue(Map.of("attempts", List.of("2")), Duration.ZERO);
    Delivery again = sink.take();
    assertThat(again.job().headers())
        .containsEntry("attempts", List.of("2"))
        .containsEntry("Nats-Msg-Id", List.of("once"));
    again.ack();
    assertThat(messages()).isEqualTo(1);
    pipeline.stop(soon());
  }

  @Test
  void aDelayGoesOnWhileThePipelineIsAwayAndNeedsNoRoom() throws Exception {
    NatsPipeline pipeline = open(TestNats.keys(stream, 1, "30s", false));
    pipeline.resume(soon());
    long pushed = System.nanoTime();
    Job late = job("late", Map.of(), Duration.ofSeconds(2));
    Job other = job("at once");
    push(pipeline, late, other);
    Delivery first = sink.take();
    assertThat(first.job().id()).isEqualTo(other.id());
    first.ack();
    pipeline.stop(soon());
    NatsPipeline again = open(TestNats.keys(stream, 1, "30s", false));
    again.resume(soon());
    Delivery second = sink.take();
    assertThat(second.job().id()).isEqualTo(late.id());
    assertThat(Duration.ofNanos(System.nanoTime() - pushed)).isGreaterThan(Duration.ofMillis(1900));
    second.ack();
    again.stop(soon());
  }

  @Test
  void takesAStreamAsItIsAndAddsItsSubject() throws Exception {
    var _ =
        management()
            .addStream(
                StreamConfiguration.builder()
                    .name(stream)
                    .subjects(stream + ".other")
                    .maxMessages(77)
                    .build());
    NatsPipeline pipeline = open();
    StreamConfiguration there = management().getStreamInfo(stream).getConfiguration();
    assertThat(there.getSubjects()).containsExactly(stream + ".other", stream + ".subject");
    assertThat(there.getMaxMsgs()).isEqualTo(77);
    push(pipeline, job("x"));
    pipeline.resume(soon());
    sink.take().ack();
    pipeline.stop(soon());
    NatsPipeline wider = open("wider", onSubject(stream + ".>", false, false), false);
    assertThat(management().getStreamInfo(stream).getConfiguration().getSubjects())
        .containsExactly(stream + ".>");
    wider.stop(soon());
  }

  @Test
  void saysWhyAStreamCannotBeMade() throws Exception {
    NatsPipeline pipeline = open();
    StreamKeys other =
        new StreamKeys(
            stream + ".subject", stream + "-2", 10, "30s", false, 0, false, false, false);
    assertThatThrownBy(() -> open(other))
        .hasMessageStartingWith("new_nats_consumer: subjects overlap with an existing stream");
    pipeline.stop(soon());
  }

  @Test
  void aJobOnAWildcardTellsItsWorkerTheSubject() throws Exception {
    NatsPipeline pipeline = open("wild", onSubject(stream + ".*", false, false), false);
    pipeline.resume(soon());
    Headers headers = new Headers().put("k", List.of("v"));
    client
        .connection(LONG)
        .publish(stream + ".current-subject", headers, "fooobarrbazzz".getBytes(UTF_8));
    Delivery foreign = sink.take();
    assertThat(foreign.job().name()).isEqualTo("deduced_by_rr");
    assertThat(foreign.job().headers())
        .containsEntry("k", List.of("v"))
        .containsEntry("x-nats-subject", List.of(stream + ".current-subject"));
    foreign.requeue(Map.of("k", List.of("w")), Duration.ZERO);
    Delivery again = sink.take();
    assertThat(again.job().headers())
        .containsEntry("k", List.of("w"))
        .containsEntry("x-nats-subject", List.of(stream + ".current-subject"));
    again.ack();
    // Upstream publishes to the wildcard itself.
    push(pipeline, job("own"));
    Delivery own = sink.take();
    assertThat(own.job().headers()).containsEntry("x-nats-subject", List.of(stream + ".*"));
    own.ack();
    pipeline.stop(soon());
  }

  @Test
  void twoServersShareTheJobsOfAPipelineAndTwoPipelinesHaveAllOfThem() throws Exception {
    NatsPipeline one = open();
    RecordingSink second = new RecordingSink(100);
    NatsPipeline two = TestNats.open(client, TestNats.keys(stream), second, log);
    NatsPipeline other = open("other", TestNats.keys(stream), false);
    one.resume(soon());
    two.resume(soon());
    for (int i = 0; i < 40; i++) {
      push(one, job("job " + i));
    }
    Set<String> seen = new HashSet<>();
    Await.until(
        "all have arrived",
        () -> {
          try {
            for (RecordingSink each : List.of(sink, second)) {
              Delivery next = each.poll(1);
              if (next != null) {
                assertThat(seen.add(next.job().id())).isTrue();
                next.ack();
              }
            }
          } catch (Exception e) {
            throw new AssertionError(e);
          }
          return seen.size() == 40;
        });
    assertThat(other.state(soon()).reserved()).isEqualTo(40);
    for (NatsPipeline each : List.of(one, two, other)) {
      each.stop(soon());
    }
  }

  @Test
  void deliverNewBeginsBehindWhatIsThereOnceAndNotForDeclaredPipelines() throws Exception {
    NatsPipeline first = open();
    push(first, job("old"));
    first.stop(soon());
    NatsPipeline fresh = open("fresh", onSubject(stream + ".subject", true, false), false);
    assertThat(fresh.state(soon()).reserved()).isZero();
    push(fresh, job("new"));
    fresh.stop(soon());
    NatsPipeline again = open("fresh", onSubject(stream + ".subject", true, false), false);
    assertThat(again.state(soon()).reserved()).isEqualTo(1);
    again.stop(soon());
    NatsPipeline declared = open("declared", onSubject(stream + ".subject", true, false), true);
    assertThat(declared.state(soon()).reserved()).isEqualTo(2);
    assertThat(declared.prefetch()).isEqualTo(10);
    declared.stop(soon());
  }

  @Test
  void aStreamIsDeletedWithItsPipelineOnlyWhereThatIsWished() throws Exception {
    NatsPipeline pipeline = open("gone", onSubject(stream + ".subject", false, true), false);
    push(pipeline, job("gone"));
    pipeline.release(soon());
    assertThat(messages()).as("while it is opened anew").isEqualTo(1);
    pipeline = open("gone", onSubject(stream + ".subject", false, true), false);
    pipeline.stop(soon());
    assertThatThrownBy(this::messages).isInstanceOf(JetStreamApiException.class);
  }

  @Test
  void takesAMessageOfAClientWhoseHeadersAreNotAscii() throws Exception {
    NatsPipeline pipeline = open();
    pipeline.resume(soon());
    byte[] headers = "NATS/1.0\r\nplain: v\r\nuni: ж\"\\%\r\n\r\n".getBytes(UTF_8);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), nats.port());
        OutputStream out = socket.getOutputStream()) {
      out.write("CONNECT {\"headers\":true,\"verbose\":false}\r\n".getBytes(UTF_8));
      String sizes = headers.length + " " + (headers.length + 4);
      out.write(("HPUB " + stream + ".subject " + sizes + "\r\n").getBytes(UTF_8));
      out.write(headers);
      out.write("body\r\nPING\r\n".getBytes(UTF_8));
      Delivery delivery = sink.take();
      assertThat(delivery.job().payload()).asString(UTF_8).isEqualTo("body");
      assertThat(delivery.job().headers())
          .containsEntry("plain", List.of("v"))
          .containsEntry("uni", List.of("ж\"\\%"));
      delivery.requeue(Map.of("x", List.of("y")), Duration.ZERO);
    }
    Delivery again = sink.take();
    assertThat(again.job().headers()).containsEntry("uni", List.of("ж\"\\%"));
    again.ack();
    pipeline.stop(soon());
  }

  @Test
  void aConsumerOutlivesItsPipelinesStopButNotThatItIsDestroyed() throws Exception {
    open().stop(soon());
    assertThat(management().getConsumerNames(stream)).containsExactly("rr-test");
    open().release(soon());
    assertThat(management().getConsumerNames(stream)).containsExactly("rr-test");
    NatsPipeline last = open();
    push(last, job("waits"));
    last.destroy(soon());
    assertThat(management().getConsumerNames(stream)).isEmpty();
    assertThat(messages()).isEqualTo(1);
  }

  @Test
  void takesBackWhatTheStreamTookBehindAJobThatItRefuses() throws Exception {
    NatsPipeline pipeline = open();
    StreamConfiguration there = management().getStreamInfo(stream).getConfiguration();
    var _ =
        management()
            .updateStream(StreamConfiguration.builder(there).maximumMessageSize(1000).build());
    List<Job> jobs = List.of(job("before"), job("x".repeat(5000)), job("behind"));
    assertThatThrownBy(() -> pipeline.push(jobs, soon()))
        .hasMessageStartingWith("nats_consumer_push: message size exceeds maximum allowed");
    Await.until("the one behind is deleted", () -> count() == 1);
    pipeline.resume(soon());
    Delivery before = sink.take();
    assertThat(before.job().payload()).asString(UTF_8).isEqualTo("before");
    before.ack();
    pipeline.stop(soon());
  }

  private long count() {
    try {
      return messages();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aJobThatIsTooLargeIsRefusedAndThoseBeforeItStay() throws Exception {
    NatsPipeline pipeline = open();
    Job large = job("x".repeat(1 << 20));
    assertThatThrownBy(() -> push(pipeline, job("small"), large, job("behind")))
        .hasMessageStartingWith("nats_consumer_push: the job has 1398")
        .hasMessageEndingWith(" takes 1048576");
    assertThat(messages()).isEqualTo(1);
    pipeline.stop(soon());
  }

  @Test
  void aConsumerChangesWithItsKeys() throws Exception {
    NatsPipeline before = open("same", onSubject(stream + ".a", false, false), false);
    push(before, job("a"));
    before.stop(soon());
    NatsPipeline after = open("same", onSubject(stream + ".b", false, false), false);
    push(after, job("b"));
    after.resume(soon());
    Delivery next = sink.take();
    assertThat(next.job().payload()).asString(UTF_8).isEqualTo("b");
    next.ack();
    after.stop(soon());
  }
}

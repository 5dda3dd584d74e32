package dev.rr.plugin.amqp;

import static dev.rr.plugin.amqp.TestAmqp.unique;
import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.GetResponse;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.jobs.TestJobs;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is particular to this broker. */
@Timeout(120)
class AmqpBrokerTest {
  private static final Duration DELAY = Duration.ofSeconds(2);

  private final RecordingSink sink = new RecordingSink(1000);
  private TestAmqp amqp = TestAmqp.at("amqp://localhost");

  @BeforeAll
  static void startBroker() throws Exception {
    var _ = TestBroker.shared();
  }

  private static TestBroker broker() throws Exception {
    return TestBroker.shared();
  }

  @BeforeEach
  void open() throws Exception {
    amqp = TestAmqp.at(broker().address());
  }

  @AfterEach
  void close() throws Exception {
    amqp.close();
    assertThat(sink.losses()).isEmpty();
  }

  private Pipeline open(Map<String, ?> keys) throws Exception {
    return amqp.open("p", keys, sink);
  }

  private static Map<String, Object> with(Map<String, Object> keys, Object... more) {
    Map<String, Object> all = new HashMap<>(keys);
    for (int i = 0; i < more.length; i += 2) {
      all.put((String) more[i], more[i + 1]);
    }
    return all;
  }

  @Test
  void tellsWhatWaitsAndWhatIsNotDue() throws Exception {
    Map<String, Object> keys = with(unique(), "exclusive", true);
    Pipeline pipeline = open(keys);
    pipeline.push(List.of(job("plain"), job("later", Map.of(), DELAY)), soon());
    PipelineState state = pipeline.state(soon());
    assertThat(state)
        .isEqualTo(
            new PipelineState(
                "p",
                "amqp",
                String.valueOf(keys.get("queue")),
                1,
                1,
                0,
                false,
                TestJobs.PRIORITY,
                ""));
    pipeline.resume(soon());
    sink.take().ack();
    sink.take().ack();
    Await.until(
        "nothing waits", () -> stateOf(pipeline).active() + stateOf(pipeline).delayed() == 0);
    assertThat(pipeline.state(soon()).ready()).isTrue();
  }

  private static PipelineState stateOf(Pipeline pipeline) {
    try {
      return pipeline.state(soon());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRoutingKeyOfAJobsOwnTakesItToAnotherPipelineAtOnceAndLater() throws Exception {
    Map<String, Object> keys = unique();
    Map<String, Object> other =
        with(keys, "queue", keys.get("queue") + "-2", "routing_key", "other-key");
    RecordingSink second = new RecordingSink(10);
    Pipeline first = open(keys);
    amqp.open("p2", other, second).resume(soon());
    first.resume(soon());
    Map<String, List<String>> headers = Map.of("x-routing-key", List.of("other-key"));
    Duration second1 = Duration.ofSeconds(1);
    first.push(
        List.of(
            job("own later", Map.of(), second1),
            job("later", headers, second1),
            job("now", headers, Duration.ZERO)),
        soon());
    Delivery now = second.take();
    assertThat(now.job().payload()).asString(UTF_8).isEqualTo("now");
    assertThat(now.job().headers()).doesNotContainKey("x-routing-key");
    assertThat(now.pipeline()).isEqualTo("p");
    now.ack();
    Delivery later = second.take();
    assertThat(later.job().payload()).asString(UTF_8).isEqualTo("later");
    later.ack();
    Delivery own = sink.take();
    assertThat(own.job().payload()).asString(UTF_8).isEqualTo("own later");
    own.ack();
    assertThat(sink.poll(50)).isNull();
  }

  @Test
  void aPipelineWithoutAQueuePushesAndDoesNoMore() throws Exception {
    Map<String, Object> keys = unique();
    Map<String, Object> pushing = with(keys, "queue", "");
    Pipeline pipeline = open(pushing);
    pipeline.push(List.of(job("nobody takes it")), soon());
    assertThat(pipeline.state(soon()))
        .isEqualTo(new PipelineState("p", "amqp", "", 0, 0, 0, false, TestJobs.PRIORITY, ""));
    assertThatThrownBy(() -> pipeline.resume(soon())).hasMessageContaining("empty queue name");
    assertThatThrownBy(() -> pipeline.pause(soon())).hasMessageContaining("empty queue name");
    RecordingSink taking = new RecordingSink(10);
    amqp.open("taker", keys, taking).resume(soon());
    pipeline.push(List.of(job("taken")), soon());
    assertThat(taking.take().job().payload()).asString(UTF_8).isEqualTo("taken");
  }

  @Test
  void aDelayedJobOnAFanoutExchangeComesOnceAndBringsNoOtherAgain() throws Exception {
    Map<String, Object> keys = with(unique(), "exchange_type", "fanout", "routing_key", "");
    Pipeline pipeline = open(keys);
    pipeline.resume(soon());
    pipeline.push(List.of(job("later", Map.of(), Duration.ofSeconds(1)), job("now")), soon());
    Delivery now = sink.take();
    assertThat(now.job().payload()).asString(UTF_8).isEqualTo("now");
    assertThat(now.queue()).isEqualTo(keys.get("queue"));
    now.ack();
    Delivery later = sink.take();
    assertThat(later.job().payload()).asString(UTF_8).isEqualTo("later");
    later.ack();
    assertThat(sink.poll(300)).isNull();
  }

  @Test
  void twoPipelinesOfOneQueueOnAFanoutExchangeShareItsJobs() throws Exception {
    Map<String, Object> keys = with(unique(), "exchange_type", "fanout", "routing_key", "");
    Pipeline first = open(keys);
    Pipeline second = amqp.open("p2", keys, sink);
    first.resume(soon());
    second.resume(soon());
    first.push(List.of(job("1")), soon());
    second.push(List.of(job("2")), soon());
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      Delivery next = sink.take();
      taken.add(new String(next.job().payload(), UTF_8));
      assertThat(next.queue()).isEqualTo(keys.get("queue"));
      next.ack();
    }
    assertThat(taken).containsExactlyInAnyOrder("1", "2");
    assertThat(sink.poll(50)).isNull();
  }

  @Test
  void delayedJobsOfDurableQueuesWaitForTheirConsumers() throws Exception {
    Map<String, Object> keys = with(unique(), "durable", "true", "exchange_durable", "true");
    Map<String, Object> others =
        with(keys, "queue", keys.get("queue") + "-2", "routing_key", "other-key");
    RecordingSink second = new RecordingSink(10);
    List<Pipeline> pipelines = List.of(open(keys), amqp.open("p2", others, second));
    for (Pipeline pipeline : pipelines) {
      pipeline.push(List.of(job("later", Map.of(), DELAY)), soon());
      assertThat(pipeline.state(soon()).delayed()).isEqualTo(1);
    }
    for (Pipeline pipeline : pipelines) {
      Await.until("it is due", () -> stateOf(pipeline).active() == 1);
      pipeline.resume(soon());
    }
    sink.take().ack();
    second.take().ack();
  }

  @Test
  void aDelayedJobWaitsInUpstreamsQueue() throws Exception {
    Map<String, Object> keys = unique();
    Pipeline pipeline = open(keys);
    pipeline.push(List.of(job("later", Map.of(), DELAY)), soon());
    String exchange = (String) keys.get("exchange");
    String name = "delayed-2000." + exchange + "." + keys.get("queue");
    broker()
        .on(channel -> {
          assertThat(channel.messageCount(name)).isEqualTo(1);
          // The broker refuses this when its arguments are others.
          var _ =
              channel.queueDeclare(
                  name,
                  true,
                  false,
                  false,
                  Map.of(
                      "x-dead-letter-exchange",
                      exchange,
                      "x-dead-letter-routing-key",
                      keys.get("routing_key"),
                      "x-message-ttl",
                      2000L,
                      "x-expires",
                      4000L));
        });
  }

  @Test
  void theMessageOfAnotherClientIsAJob() throws Exception {
    Map<String, Object> keys = unique();
    open(keys).resume(soon());
    broker()
        .on(channel ->
            channel.basicPublish(
                (String) keys.get("exchange"),
                (String) keys.get("routing_key"),
                new BasicProperties.Builder().headers(Map.of("foo", 2.3)).build(),
                "raw".getBytes(UTF_8)));
    Delivery raw = sink.take();
    assertThat(raw.job().name()).isEqualTo("deduced_by_rr");
    assertThat(raw.job().headers()).isEqualTo(Map.of("foo", List.of("2.30000")));
    assertThat(raw.job().options().priority()).isZero();
    raw.ack();
  }

  @Test
  void aJobIsAMessageThatUpstreamReads() throws Exception {
    Map<String, Object> keys = unique();
    Job job = job("body", Map.of("a", List.of("b")), Duration.ZERO);
    open(keys).push(List.of(job), soon());
    broker()
        .on(channel -> {
          GetResponse got = channel.basicGet((String) keys.get("queue"), true);
          assertThat(got.getBody()).asString(UTF_8).isEqualTo("body");
          Map<String, Object> headers = got.getProps().getHeaders();
          assertThat(headers.get("rr_headers")).isInstanceOf(byte[].class);
          assertThat(headers.get("rr_priority")).isEqualTo(10L);
          assertThat(headers.get("rr_delay")).isEqualTo(0);
          assertThat(headers.get("rr_auto_ack")).isEqualTo(false);
          assertThat(headers.get("rr_id")).hasToString(job.id());
          assertThat(headers.get("rr_pipeline")).hasToString("p");
        });
  }

  @Test
  void whoMayNotDeclareUsesWhatIsThere() throws Exception {
    Map<String, Object> keys = unique();
    Pipeline owner = open(keys);
    try (TestAmqp reader = TestAmqp.at("amqp://reader:p%40ss%2F+@127.0.0.1:" + broker().port)) {
      assertThatThrownBy(() -> reader.open("reader", keys, sink))
          .hasMessageContaining("ACCESS_REFUSED");
      Pipeline using =
          reader.open(
              "reader", with(keys, "exchange_declare", "false", "queue_declare", "false"), sink);
      using.resume(soon());
      assertThat(using.state(soon()).active()).isZero();
      owner.push(List.of(job("seen")), soon());
      sink.take().ack();
    }
  }

  @Test
  void aPluginThatHasStoppedLeavesNothingBehind() throws Exception {
    LeakCheck.around(() -> {
      try (TestAmqp other = TestAmqp.at(broker().address())) {
        Pipeline pipeline = other.open("leaks", unique(), sink);
        pipeline.resume(soon());
        pipeline.push(List.of(job("left without an outcome")), soon());
        sink.take();
      }
    });
  }

  @Test
  void theAddressNamesAVirtualHost() throws Exception {
    try (TestAmqp other = TestAmqp.at(broker().address() + "other")) {
      Map<String, Object> keys = unique();
      Pipeline pipeline = other.open("p", keys, sink);
      pipeline.push(List.of(job("there")), soon());
      assertThat(pipeline.state(soon()).active()).isEqualTo(1);
      assertThatThrownBy(
              () -> broker().on(channel -> channel.messageCount((String) keys.get("queue"))))
          .isInstanceOf(Exception.class);
    }
  }

  @Test
  void aWrongPasswordIsToldAsSuch() throws Exception {
    try (TestAmqp wrong = TestAmqp.at("amqp://guest:wrong@127.0.0.1:" + broker().port)) {
      assertThatThrownBy(() -> wrong.open("p", unique(), sink))
          .hasMessageContaining("amqp at 127.0.0.1:" + broker().port + ": Exception (403) Reason: ")
          .hasMessageContaining("ACCESS_REFUSED")
          .message()
          .doesNotContain("wrong");
    }
  }

  @Test
  void argumentsOfTheQueueKeepTheirTypes() throws Exception {
    Map<String, Object> keys =
        with(
            unique(), "queue_headers", "{\"x-max-length\": 1, \"x-overflow\": \"reject-publish\"}");
    Pipeline pipeline = open(keys);
    pipeline.push(List.of(job("first")), soon());
    assertThatThrownBy(() -> pipeline.push(List.of(job("second")), soon()))
        .hasMessageContaining("amqp_driver_push")
        .hasMessageContaining("failed to get publisher confirm");
  }

  @Test
  void theQueueGoesWithThePipelineWhereThatIsWished() throws Exception {
    Map<String, Object> keys = with(unique(), "delete_queue_on_stop", "true");
    Pipeline pipeline = open(keys);
    pipeline.push(List.of(job("gone")), soon());
    pipeline.release(soon());
    Pipeline again = open(keys);
    assertThat(again.state(soon()).active()).as("while it is opened anew").isEqualTo(1);
    again.stop(soon());
    assertThatThrownBy(
            () -> broker().on(channel -> channel.messageCount((String) keys.get("queue"))))
        .isInstanceOf(Exception.class);
  }

  @Test
  void theJobOfADeadWorkerIsDroppedUnlessItIsToComeAgain() throws Exception {
    Pipeline pipeline = open(unique());
    pipeline.resume(soon());
    pipeline.push(List.of(job("deadly"), job("next")), soon());
    sink.take().nack();
    sink.take().ack();
    pipeline.pause(soon());
    assertThat(pipeline.state(soon()).active()).isZero();
  }

  @Test
  void anAcknowledgementCountsForAllBeforeItWhereThatIsWished() throws Exception {
    Map<String, Object> keys = with(unique(), "multiple_ack", "true");
    Pipeline pipeline = open(keys);
    pipeline.resume(soon());
    pipeline.push(List.of(job("1"), job("2"), job("3")), soon());
    sink.take();
    sink.take();
    sink.take().ack();
    pipeline.stop(soon());
    broker().on(channel -> assertThat(channel.messageCount((String) keys.get("queue"))).isZero());
  }

  @Test
  void anAcknowledgementForAllBeforeItComesBeforeThoseOfTheOthers() throws Exception {
    Pipeline pipeline = open(with(unique(), "multiple_ack", "true"));
    pipeline.resume(soon());
    pipeline.push(List.of(job("1"), job("2"), job("3")), soon());
    Delivery first = sink.take();
    Delivery second = sink.take();
    Delivery third = sink.take();
    second.ack();
    first.ack();
    third.ack();
    staysOpen(pipeline, third);
    assertThat(pipeline.state(soon()).active()).isZero();
  }

  /** Pausing asks the broker on the channel of the delivery, which it closes over a wrong tag. */
  private static void staysOpen(Pipeline pipeline, Delivery delivery) throws Exception {
    pipeline.pause(soon());
    assertThat(((AmqpDelivery) delivery).stale()).isFalse();
  }

  @Test
  void aSecondOutcomeIsRefusedAndTheOthersAreTold() throws Exception {
    Pipeline pipeline = open(unique());
    pipeline.resume(soon());
    pipeline.push(List.of(job("1"), job("2")), soon());
    Delivery first = sink.take();
    Delivery second = sink.take();
    assertThatThrownBy(() -> first.requeue(Map.of(), Duration.ofDays(40)))
        .hasMessageContaining("is too long");
    assertThatThrownBy(first::ack).hasMessageContaining("has an outcome already");
    Delivery again = sink.take();
    assertThat(again.job().payload()).asString(UTF_8).isEqualTo("1");
    second.ack();
    again.ack();
    staysOpen(pipeline, again);
    assertThat(pipeline.state(soon()).active()).isZero();
  }

  @Test
  void aJobThatTheBrokerRefusesFailsAtOnceAndHoldsUpNoOther() throws Exception {
    try (TestAmqp direct = TestAmqp.at("amqp://direct:direct@127.0.0.1:" + broker().port)) {
      Pipeline pipeline = direct.open("p", unique(), sink);
      Job refused = job("through the default exchange", Map.of(), Duration.ofHours(1));
      refuses(() -> pipeline.push(List.of(refused), soon()));
      refuses(() -> pipeline.push(List.of(job("before"), refused, job("behind")), soon()));
      pipeline.push(List.of(job("after")), soon());
      pipeline.resume(soon());
      Set<String> taken = new HashSet<>();
      while (!taken.contains("after")) {
        Delivery next = sink.take();
        taken.add(new String(next.job().payload(), UTF_8));
        next.ack();
      }
      assertThat(taken).contains("before").doesNotContain("through the default exchange");
    }
  }

  private static void refuses(ThrowingCallable push) {
    long begun = System.nanoTime();
    assertThatThrownBy(push).hasMessageContaining("ACCESS_REFUSED");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void noMoreJobsAreHandedOverThanThePrefetch() throws Exception {
    Pipeline pipeline = open(with(unique(), "prefetch", 2));
    pipeline.push(List.of(job("1"), job("2"), job("3")), soon());
    pipeline.resume(soon());
    Delivery first = sink.take();
    sink.take();
    assertThat(sink.poll(100)).isNull();
    first.ack();
    assertThat(sink.take().job().payload()).asString(UTF_8).isEqualTo("3");
  }

  @Test
  void whatCannotBePushedIsSaidInUpstreamsWords() throws Exception {
    Pipeline pipeline = open(with(unique(), "routing_key", ""));
    assertThatThrownBy(() -> pipeline.push(List.of(job("x")), soon()))
        .hasMessageContaining("empty routing key, consider adding the routing key name");
    Duration forLong = Duration.ofDays(30);
    Map<String, List<String>> key = Map.of("x-routing-key", List.of("k"));
    assertThatThrownBy(() -> pipeline.push(List.of(job("x", key, forLong)), soon()))
        .hasMessageContaining("2592000 s is too long; at most 2147483");
  }

  @Test
  void whatIsNoMessageFailsAtOnceAndThoseBehindItAreConfirmed() throws Exception {
    Pipeline pipeline = open(unique());
    Job headers = job("", Map.of("large", List.of("x".repeat(200_000))), Duration.ZERO);
    Job key = job("", Map.of("x-routing-key", List.of("k".repeat(256))), Duration.ZERO);
    Job delayed = job("", Map.of("x-routing-key", List.of("k".repeat(250))), Duration.ofSeconds(1));
    Map<Job, String> problems =
        Map.of(
            headers,
            "the job is no message: Content headers exceeded max frame size",
            key,
            "its header x-routing-key takes 256 bytes; the broker allows at most 255",
            delayed,
            "the name of the queue in which it waits takes ");
    for (Map.Entry<Job, String> problem : problems.entrySet()) {
      assertThatThrownBy(() -> pipeline.push(List.of(problem.getKey()), soon()))
          .hasMessageStartingWith("amqp_driver_push")
          .hasMessageContaining(problem.getValue());
      pipeline.push(List.of(job("behind")), Deadline.after(Duration.ofSeconds(10)));
    }
    assertThat(pipeline.state(soon()).active()).isEqualTo(3);
  }

  @Test
  void aQueueThatWasDeletedWhileNobodyConsumesIsMadeAgainByAPush() throws Exception {
    Map<String, Object> keys = unique();
    Pipeline pipeline = open(keys);
    broker().on(channel -> channel.queueDelete((String) keys.get("queue")));
    pipeline.push(List.of(job("kept")), soon());
    assertThat(pipeline.state(soon()).active()).isEqualTo(1);
    broker().on(channel -> channel.queueDelete((String) keys.get("queue")));
    assertThat(pipeline.state(soon()).active()).isZero();
    pipeline.resume(soon());
    pipeline.push(List.of(job("taken")), soon());
    sink.take().ack();
  }
}

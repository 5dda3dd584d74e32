package dev.rr.plugin.amqp;

import static dev.rr.plugin.amqp.TestAmqp.unique;
import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.BrokerOutageContract;
import dev.rr.testing.jobs.JobsChaos;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.server.Restartable;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.worker.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker that goes away, or does not do what it should. */
class AmqpOutageTest extends BrokerOutageContract {
  private static final String LOST = "pipeline connection was closed, redialing";
  private static final String BACK = "connection was successfully restored";

  /** The class and the method of what the broker answers to whoever begins to consume. */
  private static final byte[] CONSUME_OK = {0, 60, 0, 21};

  /** Of what it answers to whoever declares a queue. */
  private static final byte[] DECLARE_OK = {0, 50, 0, 11};

  private static final int KINDS_OF_FAULTS = 4;
  private static final Duration DELAY = Duration.ofSeconds(1);

  private final Map<String, Object> durable = unique();
  private final List<TestAmqp> plugins = new ArrayList<>();
  private TestAmqp amqp = TestAmqp.at("amqp://localhost");
  private @Nullable TestProxy network;

  @BeforeAll
  static void startBroker() throws Exception {
    var _ = TestBroker.shared();
  }

  @BeforeEach
  void connect() throws Exception {
    TestProxy made = TestProxy.before(TestBroker.shared().port);
    network = made;
    amqp = at(made.port());
    durable.put("durable", "true");
    durable.put("exchange_durable", "true");
  }

  private TestAmqp at(int port) {
    TestAmqp made = TestAmqp.at("amqp://guest:guest@127.0.0.1:" + port + "/", log);
    plugins.add(made);
    return made;
  }

  private TestProxy network() {
    TestProxy made = network;
    if (made == null) {
      throw new AssertionError("not connected");
    }
    return made;
  }

  @AfterEach
  void close() throws Exception {
    for (TestAmqp plugin : plugins) {
      plugin.close();
    }
    network().close();
    assertThat(sink.losses()).isEmpty();
  }

  // ---- as every broker -------------------------------------------------------------------------

  /** The broker takes seconds to start, so it is the network that dies. */
  @Override
  protected Restartable broker() {
    return network();
  }

  @Override
  protected Words words() {
    String late =
        "amqp_driver_push: Timeout:\n\tamqp_driver_handle_item: context deadline exceeded";
    return new Words(
        LOST,
        BACK,
        "amqp at 127.0.0.1:PORT: Connection refused",
        late + ": no connection to the broker",
        late + ": the broker has not confirmed it");
  }

  @Override
  protected Held held() {
    return Held.AGAIN;
  }

  @Override
  protected Pipeline open(int port) throws Exception {
    return at(port).open("p", durable, sink);
  }

  /** Some of the jobs are delayed, and so come back through the exchange. */
  @Override
  protected void begin(JobsChaos chaos) {
    chaos.delay(DELAY);
  }

  @Override
  protected int faults() {
    return 2;
  }

  @Override
  protected void fail(JobsChaos chaos, int number) throws Exception {
    TestBroker broker = TestBroker.shared();
    switch (number < KINDS_OF_FAULTS ? number : chaos.random().nextInt(KINDS_OF_FAULTS)) {
      case 0 -> {
        // RabbitMQ moves a job that becomes due to its queue without a sync, so one that does in
        // the instant in which the broker ends may be lost, whoever delayed it.
        chaos.endDelays();
        broker.killAndRestart();
        chaos.delay(DELAY);
      }
      case 1 -> openAnew(chaos);
      case 2 -> broker.restartApplication();
      default -> {
        broker.alarm(true);
        Thread.sleep(chaos.random().nextInt(2000));
        broker.alarm(false);
      }
    }
  }

  // ---- what only this one has ------------------------------------------------------------------

  private void takes(String payload) throws Exception {
    Delivery delivery = sink.take();
    assertThat(delivery.job().payload()).asString(UTF_8).isEqualTo(payload);
    delivery.ack();
  }

  @Test
  void connectionsThatAreCutOffAreMadeAgainAndToldOnce() throws Exception {
    Pipeline pipeline = amqp.open("p", unique(), sink);
    pipeline.resume(soon());
    pipeline.push(List.of(job("before")), soon());
    Delivery before = sink.take();
    try (ClientLines library = new ClientLines()) {
      network().cut();
      Await.until("it is told", () -> !log.with(LOST).isEmpty());
      assertThat(library.lines()).isEmpty();
    }
    Await.until("the broker brings it again", before::stale);
    assertThatThrownBy(before::ack).hasMessageContaining("the broker brings it again");
    takes("before");
    pipeline.push(List.of(job("after")), soon());
    takes("after");
    Await.until("it is told", () -> !log.with(BACK).isEmpty());
    assertThat(log.with("WARN")).hasSize(1);
    assertThat(pipeline.state(soon()).ready()).isTrue();
  }

  @Test
  void aChannelThatIsClosedAloneIsOpenedAgainAndAnExclusiveQueueStays() throws Exception {
    Map<String, Object> keys = unique();
    keys.put("exclusive", "true");
    Pipeline pipeline = amqp.open("p", keys, sink);
    pipeline.resume(soon());
    pipeline.push(List.of(job("first")), soon());
    AmqpDelivery first = (AmqpDelivery) sink.take();
    first.ack();
    // The broker closes a channel on which a job is acknowledged twice.
    first.tags().ack(first.tag(), false);
    Await.until("it is told", () -> !log.with(LOST).isEmpty());
    pipeline.push(List.of(job("second")), soon());
    takes("second");
    assertThat(network().accepted()).as("one for jobs, one to publish").isEqualTo(2);
  }

  @Test
  void channelsThatAreOpenedAgainTakeThePlaceOfThoseThatHaveEnded() throws Exception {
    Map<String, Object> keys = unique();
    Pipeline pipeline = amqp.open("p", keys, sink);
    pipeline.resume(soon());
    pipeline.push(List.of(job("", Map.of(), Duration.ofSeconds(1)), job("")), soon());
    takeFresh().ack();
    int open = channels();
    for (int i = 0; i < 3; i++) {
      AmqpDelivery last = takeFresh();
      last.ack();
      last.tags().ack(last.tag(), false);
      Await.until("the channel has ended", last::stale);
      pipeline.push(List.of(job("the next one consumes")), soon());
      takeFresh().ack();
      TestBroker.shared().on(channel -> channel.exchangeDelete((String) keys.get("exchange")));
      pipeline.push(List.of(job("", Map.of(), Duration.ofSeconds(1)), job("")), soon());
      takeFresh().ack();
    }
    takeFresh().ack();
    Await.until("there are no more than before", () -> channels() == open);
    assertThat(network().accepted()).isEqualTo(2);
  }

  /**
   * The next job of a channel that is open: when an exchange is gone, what was not confirmed before
   * the broker said so is pushed again, so there may be more jobs than pushed.
   */
  private AmqpDelivery takeFresh() throws InterruptedException {
    AmqpDelivery next = (AmqpDelivery) sink.take();
    while (next.stale()) {
      next = (AmqpDelivery) sink.take();
    }
    return next;
  }

  /** Of all connections to the broker. */
  private static int channels() {
    try {
      return TestBroker.shared().call("rabbit_channel list_local []").split("Pid<", -1).length - 1;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aConnectionThatIsThereOnlyAfterItsPipelineHasStoppedIsClosed() throws Exception {
    Pipeline pipeline = amqp.open("p", unique(), sink);
    pipeline.resume(soon());
    network().stall();
    network().cut();
    Await.until("it dials again", () -> network().accepted() == 2);
    pipeline.stop(millis(100));
    network().resume();
    Await.until("nobody is connected", () -> network().isUnused());
  }

  @Test
  void aBrokerThatStartsAnewWithNothingGetsEverythingDeclared() throws Exception {
    Map<String, Object> keys = unique();
    Pipeline pipeline = amqp.open("p", keys, sink);
    pipeline.resume(soon());
    Map<String, Object> pushing = unique();
    pushing.put("queue", "");
    pushing.put("exchange", keys.get("exchange"));
    pushing.put("routing_key", keys.get("routing_key"));
    Pipeline pushOnly = amqp.open("push-only", pushing, new RecordingSink(1));
    pushOnly.push(List.of(job("1")), soon());
    takes("1");
    TestBroker.shared().restartApplication();
    pipeline.push(List.of(job("2")), soon());
    takes("2");
    pushOnly.push(List.of(job("3")), soon());
    takes("3");
    assertThat(pushOnly.state(soon()).queue()).isEmpty();
    assertThat(log.with("WARN")).as("one for each pipeline").hasSize(2);
  }

  @Test
  void aQueueThatIsDeletedUnderItsConsumerIsMadeAgain() throws Exception {
    Map<String, Object> keys = unique();
    Pipeline pipeline = amqp.open("p", keys, sink);
    pipeline.resume(soon());
    TestBroker.shared().on(channel -> channel.queueDelete((String) keys.get("queue")));
    Await.until("it is told", () -> !log.with("was deleted").isEmpty());
    pipeline.push(List.of(job("kept")), soon());
    takes("kept");
    assertThat(log.with("WARN")).hasSize(1);
  }

  @Test
  void anExchangeThatIsDeletedIsMadeAgainByAPushAndBoundToItsQueue() throws Exception {
    Map<String, Object> keys = unique();
    Pipeline pipeline = amqp.open("p", keys, sink);
    pipeline.resume(soon());
    pipeline.push(List.of(job("before")), soon());
    takes("before");
    TestBroker.shared().on(channel -> channel.exchangeDelete((String) keys.get("exchange")));
    pipeline.push(List.of(job("after")), soon());
    takes("after");
  }

  @Test
  void aPushMakesItsQueueThoughTheBrokerRefusesThatForAWhile() throws Exception {
    Map<String, Object> keys = unique();
    String queue = (String) Objects.requireNonNull(keys.get("queue"));
    Pipeline pipeline = amqp.open("p", keys, sink);
    FutureTask<Void> push = new FutureTask<>(() -> pushed(pipeline, "kept"));
    try (Connection other = TestBroker.shared().client();
        Channel channel = other.createChannel()) {
      channel.queueDelete(queue);
      channel.queueDeclare(queue, false, true, false, null);
      Thread.ofVirtual().start(push);
      Await.until("it is refused twice", () -> refusals(queue) >= 2);
      assertThat(push.isDone()).isFalse();
    }
    push.get(30, TimeUnit.SECONDS);
    pipeline.resume(soon());
    takes("kept");
  }

  private static long refusals(String queue) {
    try {
      return TestBroker.shared().locked(queue);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Void pushed(Pipeline pipeline, String payload) throws Exception {
    pipeline.push(List.of(job(payload)), soon());
    return null;
  }

  @Test
  void aPushMakesItsQueueThoughTheConnectionEndsMeanwhile() throws Exception {
    Map<String, Object> keys = unique();
    Pipeline pipeline = amqp.open("p", keys, sink);
    TestBroker.shared().on(channel -> channel.queueDelete((String) keys.get("queue")));
    FutureTask<Void> push = new FutureTask<>(() -> pushed(pipeline, "kept"));
    network().stallAt(DECLARE_OK);
    Thread.ofVirtual().start(push);
    Await.until("it declares the queue", network()::isStalled);
    network().cut();
    network().resume();
    push.get(30, TimeUnit.SECONDS);
    pipeline.resume(soon());
    takes("kept");
  }

  @Test
  void aPushWhoseQueueIsThereInAnotherFormFailsAtOnce() throws Exception {
    Map<String, Object> keys = unique();
    String queue = (String) keys.get("queue");
    Pipeline pipeline = amqp.open("p", keys, sink);
    TestBroker.shared()
        .on(channel -> {
          channel.queueDelete(queue);
          channel.queueDeclare(queue, true, false, false, null);
        });
    assertThatThrownBy(() -> pipeline.push(List.of(job("refused")), soon()))
        .hasMessageContaining("PRECONDITION_FAILED");
  }

  private static Deadline millis(long millis) {
    return Deadline.after(Duration.ofMillis(millis));
  }

  @Test
  void aPushFailsInTimeWhileTheBrokerIsAwayAndThatGoesOnIsToldOnceMore() throws Exception {
    Map<String, Object> keys = unique();
    keys.put("redial_timeout", "1");
    Pipeline pipeline = amqp.open("p", keys, sink);
    pipeline.resume(soon());
    pipeline.push(List.of(job("before")), soon());
    takes("before");
    network().close();
    assertThatThrownBy(() -> pipeline.push(List.of(job("meanwhile")), millis(500)))
        .hasMessageStartingWith(
            "amqp_driver_push: Timeout:\n\tamqp_driver_handle_item: context deadline exceeded: no"
                + " connection to the broker");
    Await.until("it is told once more", () -> !log.with("redialing goes on").isEmpty());
    assertThat(log.with("WARN")).hasSize(2);
    pipeline.pause(soon());
    assertThatThrownBy(() -> pipeline.state(millis(100)))
        .hasMessageStartingWith("amqp_driver_state");
  }

  @Test
  void whatWasToBePushedBehindAJobThatFailedIsNotPushedLater() throws Exception {
    Pipeline pipeline = amqp.open("p", unique(), sink);
    network().stall();
    List<Job> jobs = IntStream.range(0, 10).mapToObj(i -> job("told as failed " + i)).toList();
    assertThatThrownBy(() -> pipeline.push(jobs, millis(500)))
        .hasMessageContaining("no connection to the broker");
    network().resume();
    pipeline.push(List.of(job("after")), soon());
    assertThat(pipeline.state(soon()).active()).isEqualTo(1);
  }

  @Test
  void aPipelineThatIsPausedWhileItConnectsAnewDoesNotConsume() throws Exception {
    Map<String, Object> keys = unique();
    Pipeline pipeline = amqp.open("p", keys, sink);
    pipeline.resume(soon());
    network().stallAt(CONSUME_OK);
    network().cut();
    Await.until("the broker's word is held back", network()::isStalled);
    Await.until("the old consumer is gone", () -> consumers(keys) == 1);
    pipeline.pause(soon());
    network().resume();
    Await.until("nobody consumes", () -> consumers(keys) == 0);
    pipeline.resume(soon());
    pipeline.push(List.of(job("taken")), soon());
    takes("taken");
  }

  private static long consumers(Map<String, Object> keys) {
    AtomicLong count = new AtomicLong();
    try {
      TestBroker.shared()
          .on(channel -> count.set(channel.consumerCount((String) keys.get("queue"))));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return count.get();
  }
}

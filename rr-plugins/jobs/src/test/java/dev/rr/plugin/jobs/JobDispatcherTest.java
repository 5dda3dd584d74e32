package dev.rr.plugin.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.Job;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Reply;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.RecordingLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class JobDispatcherTest {
  private final JobQueue queue = new JobQueue(100, 1 << 20);
  private final Shared shared =
      new Shared(new RecordingLog(), new Traces(Optional.empty()), queue, Duration.ofSeconds(1));
  private final LinePool pool = new LinePool();
  private final JobDispatcher dispatcher =
      new JobDispatcher(
          "",
          pool,
          shared,
          new Settlement(shared, new DeadLetters(shared, name -> Optional.empty())));
  private final QueuedJob.Source source = new QueuedJob.Source(PluginHarness.unopened());

  /** A pool in which jobs stand in line until a test takes them; it may refuse them at once. */
  private static final class LinePool implements Pool {
    /** Those in line; who is refused may be asked for again at any moment. */
    final List<Payload> asked = new CopyOnWriteArrayList<>();

    final List<Reply> replies = new CopyOnWriteArrayList<>();
    volatile boolean full;

    @Override
    public Execution exec(Payload payload, Reply reply) {
      if (full) {
        reply.failed(new ExecException(ExecException.Kind.QUEUE_SIZE, "max queue size reached"));
      } else {
        replies.add(reply);
        asked.add(payload);
      }
      return () -> {};
    }

    /** A worker takes the job that was handed over at this place. */
    void take(int at) {
      byte[] ignored = asked.get(at).context().bytes();
    }

    @Override
    public void start() {}

    @Override
    public List<WorkerSnapshot> workers() {
      return List.of();
    }

    @Override
    public void addWorker() {}

    @Override
    public void removeWorker() {}

    @Override
    public void reset() {}

    @Override
    public void stop(Deadline deadline) {}
  }

  private FakeDelivery add(String name) {
    return add(name, 10);
  }

  private FakeDelivery add(String name, long priority) {
    FakeDelivery delivery =
        new FakeDelivery(new Job(name, name, new byte[0], Map.of(), Job.Options.NONE));
    assertThat(queue.offer(new QueuedJob(delivery, source, "", priority))).isTrue();
    dispatcher.pump();
    return delivery;
  }

  @Test
  void twoStandInLineAndTheNextFollowsWhenAWorkerTakesOne() {
    dispatcher.open();
    for (int i = 0; i < 4; i++) {
      Object ignored = add("job " + i);
    }
    assertThat(pool.asked).hasSize(2);
    pool.take(0);
    assertThat(pool.asked).hasSize(3);
    pool.take(0);
    assertThat(pool.asked).as("another try of the same").hasSize(3);
    pool.take(1);
    assertThat(pool.asked).hasSize(4);
    assertThat(queue.size()).isZero();
  }

  @Test
  void anUrgentJobPassesAllThatDoNotStandInLine() {
    dispatcher.open();
    for (int i = 0; i < 4; i++) {
      Object ignored = add("ordinary " + i);
    }
    Object urgent = add("urgent", 1);
    pool.take(0);
    assertThat(urgent).isNotNull();
    assertThat(new String(pool.asked.get(2).context().bytes(), UTF_8)).contains("urgent");
  }

  @Test
  void nothingIsHandedOverBeforeTheStartAndAfterTheEnd() {
    Object first = add("first");
    assertThat(pool.asked).isEmpty();
    dispatcher.open();
    assertThat(pool.asked).hasSize(1);
    pool.take(0);
    dispatcher.close();
    Object second = add("second");
    assertThat(pool.asked).hasSize(1);
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void aPoolThatIsFullIsAskedAgainAfterAPauseAndTheOrderStays() {
    dispatcher.open();
    pool.full = true;
    FakeDelivery first = add("first");
    FakeDelivery second = add("second");
    assertThat(pool.asked).isEmpty();
    pool.full = false;
    Await.until("both are handed over", () -> pool.asked.size() == 2);
    pool.take(0);
    FakePool.answer(pool.replies.get(0), "", "{\"type\":0}");
    Await.until("it is told", () -> !first.outcomes().isEmpty());
    assertThat(second.outcomes()).isEmpty();
  }

  @Test
  void aFullPoolIsAskedAgainAtOnceWhenAWorkerIsFree() {
    dispatcher.open();
    Object running = add("running");
    pool.take(0);
    pool.full = true;
    Object waits = add("waits");
    pool.full = false;
    FakePool.answer(pool.replies.get(0), "", "{\"type\":0}");
    assertThat(pool.asked).hasSize(2);
    assertThat(running).isNotEqualTo(waits);
  }

  @Test
  void aJobThatFailsBeforeAWorkerTookItDoesNotHoldUpOthers() {
    dispatcher.open();
    FakeDelivery broken = add("broken");
    Object second = add("second");
    Object third = add("third");
    pool.replies.get(0).failed(new ExecException(ExecException.Kind.DECODE, "no frame"));
    assertThat(pool.asked).hasSize(3);
    Await.until("it is told", () -> broken.outcomes().equals(List.of("nack")));
    assertThat(second).isNotEqualTo(third);
  }

  @Test
  void aJobOfAPoolThatStopsHasNoOutcome() {
    dispatcher.open();
    FakeDelivery delivery = add("job");
    dispatcher.close();
    pool.replies.get(0).failed(new ExecException(ExecException.Kind.STOPPED, "stopped"));
    assertThat(delivery.outcomes()).isEmpty();
    assertThat(dispatcher.settling()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":0} | ack",
        "{\"type\":2,\"data\":[]} | ack",
        "{\"type\":42} | ack",
        "{\"type\":1,\"data\":{\"message\":\"boom\"}} | ack",
        "{\"type\":1,\"data\":{\"requeue\":true,\"delay_seconds\":5,\"headers\":{\"retry\":[\"1\"]}}}"
            + " | requeue {retry=[1]} 5",
        "{\"type\":3,\"data\":{\"requeue\":false}} | nack false 0",
        "{\"type\":3,\"data\":{\"requeue\":true,\"delay_seconds\":7}} | nack true 7",
        "{\"type\":4,\"data\":{\"message\":\"m\",\"delay_seconds\":2}} | requeue {} 2",
        "{\"type\":1,\"data\":\"boom\"} | ack",
        "{\"type\":4,\"data\":[]} | ack",
        "not json | ack"
      })
  void anAnswerIsToldToTheDriverOnce(String answer, String outcome) {
    dispatcher.open();
    FakeDelivery delivery = add("job");
    pool.take(0);
    FakePool.answer(pool.replies.get(0), "", answer);
    Await.until("it is told", () -> dispatcher.settling() == 0);
    assertThat(delivery.outcomes()).containsExactly(outcome);
  }

  @Test
  void aFailureThatCannotBeAcknowledgedIsLoggedAndNothingMore() {
    dispatcher.open();
    FakeDelivery delivery = add("cannot be told");
    pool.take(0);
    FakePool.answer(pool.replies.get(0), "", "{\"type\":1,\"data\":{\"message\":\"boom\"}}");
    Await.until("it is over", () -> dispatcher.settling() == 0);
    assertThat(delivery.outcomes()).containsExactly("ack");
    assertThat(((RecordingLog) shared.log()).with("job acknowledge was failed")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":4,\"data\":{\"delay_seconds\":2}} | requeue {} 2",
        "{\"type\":1,\"data\":{\"requeue\":true}} | requeue {} 0",
        "{\"type\":3,\"data\":{\"requeue\":true}} | nack true 0",
        "{\"type\":3,\"data\":{\"requeue\":false}} | nack false 0",
        "{\"type\":0} | ack"
      })
  void anOutcomeThatCannotBeToldIsLeftToTheDriver(String answer, String outcome) {
    dispatcher.open();
    FakeDelivery delivery = add("cannot be told");
    pool.take(0);
    FakePool.answer(pool.replies.get(0), "", answer);
    Await.until("it is over", () -> dispatcher.settling() == 0);
    assertThat(delivery.outcomes()).containsExactly(outcome);
    assertThat(((RecordingLog) shared.log()).with("response handler error")).hasSize(1);
  }

  @Test
  void aJobThatItsBrokerHasTakenBackMeanwhileIsNotWorkedOn() {
    dispatcher.open();
    Object first = add("first");
    Object second = add("second");
    FakeDelivery takenBack = add("taken back");
    Object next = add("next");
    pool.take(0);
    assertThat(new String(pool.asked.get(2).context().bytes(), UTF_8)).contains("next");
    assertThat(queue.size()).isZero();
    assertThat(takenBack.outcomes()).isEmpty();
    assertThat(List.of(first, second, next)).doesNotHaveDuplicates();
  }

  @Test
  void aJobThatIsInNoBrokerAndCannotBePutBackAnywhereIsTold() {
    dispatcher.open();
    Job job = new Job("auto", "auto", new byte[0], Map.of(), Job.Options.NONE);
    AutoAcknowledged delivery =
        new AutoAcknowledged(new FakeDelivery(job), source.pipeline, shared);
    assertThat(queue.offer(new QueuedJob(delivery, source, "", 10))).isTrue();
    dispatcher.pump();
    assertThat(queue.close(source)).isEmpty();
    pool.replies.get(0).failed(new ExecException(ExecException.Kind.STOPPED, "stopped"));
    Await.until("it is over", () -> dispatcher.settling() == 0);
    assertThat(((RecordingLog) shared.log()).with("acknowledged on arrival is lost")).hasSize(1);
  }
}

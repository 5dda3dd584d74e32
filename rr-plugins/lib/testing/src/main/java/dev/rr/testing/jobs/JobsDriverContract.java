package dev.rr.testing.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.worker.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What every {@link Pipeline} has to do, whatever broker stands behind it. The test of a driver
 * extends this; where its broker cannot, it says so in one of the questions below.
 */
@Timeout(120)
public abstract class JobsDriverContract {
  private static final Duration DELAY = Duration.ofSeconds(1);

  /** Shorter than brokers wait for an outcome, longer than a busy machine is silent. */
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  private final RecordingSink sink = new RecordingSink(1000);
  private Pipeline pipeline;

  /** Opens a pipeline on a queue that nothing is in, with the driver's defaults. */
  protected abstract Pipeline open(JobSink sink) throws Exception;

  /**
   * Opens a pipeline on the queue of the one that {@link #open} gave last, which was stopped; empty
   * when jobs do not outlive their pipeline.
   */
  protected Optional<Pipeline> reopen(JobSink sink) throws Exception {
    return Optional.empty();
  }

  /** Whether {@link Delivery#nack(boolean, Duration)} without a requeue drops the job. */
  protected boolean dropsRefusedJobs() {
    return true;
  }

  /** Whether {@link Delivery#nack()} brings the job again. */
  protected boolean bringsJobsOfDeadWorkersAgain() {
    return true;
  }

  /** Whether jobs can wait in the broker before they are due. */
  protected boolean delays() {
    return true;
  }

  /** Whether a job that was given back keeps its delay. */
  protected boolean delaysAgain() {
    return delays();
  }

  /** Whether the broker keeps a job's own priority. */
  protected boolean keepsPriorities() {
    return true;
  }

  /** Whether a job still says that it is to be acknowledged on arrival when it arrives. */
  protected boolean keepsAutoAck() {
    return true;
  }

  /**
   * As {@link #open}, with a bound of jobs that were handed over and have no outcome; empty when
   * the driver has none.
   */
  protected Optional<Pipeline> openWith(JobSink sink, int prefetch) throws Exception {
    return Optional.empty();
  }

  /** How long a header is that the broker refuses; 0 when it takes what there is memory for. */
  protected int tooLongHeader() {
    return 0;
  }

  /** Where jobs are pushed to; of interest to drivers of logs, whose jobs name a topic. */
  protected Job.LogPlace place() {
    return Job.LogPlace.NONE;
  }

  @BeforeEach
  void openPipeline() throws Exception {
    pipeline = open(sink);
  }

  @AfterEach
  void stopPipelineTwice() throws Exception {
    pipeline.stop(soon());
    pipeline.stop(soon());
    assertThat(sink.losses()).isEmpty();
    assertThat(sink.ends()).isEmpty();
  }

  @Test
  void handsAJobOverAsItWasPushed() throws Exception {
    pipeline.resume(soon());
    Job job =
        new Job(
            UUID.randomUUID().toString(),
            "App\\Jobs\\Größe",
            new byte[] {0, 1, -1, 'x'},
            Map.of("h", List.of("v1", "v2", ""), "Ünï", List.of("ж\"\\\n")),
            options(3, Duration.ZERO));
    push(job);
    Delivery delivery = sink.take();
    assertThat(delivery.job().id()).isEqualTo(job.id());
    assertThat(delivery.job().name()).isEqualTo(job.name());
    assertThat(delivery.job().payload()).isEqualTo(job.payload());
    checkHeaders(job, delivery.job());
    assertThat(delivery.job().options().delay()).isGreaterThanOrEqualTo(Duration.ZERO);
    if (keepsPriorities()) {
      assertThat(delivery.job().options().priority()).isEqualTo(3);
    }
    delivery.ack();
  }

  /** Checks that headers have arrived; a broker that keeps less says so by overriding it. */
  protected void checkHeaders(Job pushed, Job arrived) {
    assertThat(arrived.headers()).containsAllEntriesOf(pushed.headers());
  }

  @Test
  void handsEmptyAndLargePayloadsOver() throws Exception {
    pipeline.resume(soon());
    byte[] large = new byte[50_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31);
    }
    for (byte[] payload : List.of(new byte[0], large)) {
      Job job = new Job(UUID.randomUUID().toString(), "task", payload, Map.of(), options());
      push(job);
      Delivery delivery = sink.take();
      assertThat(delivery.job().payload()).isEqualTo(payload);
      delivery.ack();
    }
  }

  @Test
  void takesJobsBeforeItConsumesAndHandsEachOverOnce() throws Exception {
    List<Job> jobs = IntStream.range(0, 100).mapToObj(i -> job("job " + i)).toList();
    pipeline.push(jobs, soon());
    letArrive();
    assertThat(sink.size()).isZero();
    pipeline.resume(soon());
    takeEachOnce(jobs);
  }

  /** Waits as long as others need for their jobs: what was to arrive has arrived then. */
  private void letArrive() throws Exception {
    RecordingSink other = new RecordingSink(10);
    Pipeline beside = open(other);
    try {
      beside.resume(soon());
      for (int i = 0; i < 3; i++) {
        beside.push(List.of(job("beside " + i)), soon());
        other.take().ack();
      }
    } finally {
      beside.stop(soon());
    }
  }

  private void nothingElseArrives() throws Exception {
    nothingElseArrives(pipeline, sink);
  }

  private void nothingElseArrives(Pipeline at, RecordingSink in) throws Exception {
    Job last = job("the last");
    at.push(List.of(last), soon());
    Delivery next = in.take();
    assertThat(next.job().id()).as("nothing before").isEqualTo(last.id());
    next.ack();
    letArrive();
    assertThat(in.size()).as("nothing behind").isZero();
  }

  @Test
  void takesJobsOfSeveralClientsAtOnce() throws Exception {
    pipeline.resume(soon());
    List<Job> jobs = IntStream.range(0, 80).mapToObj(i -> job("job " + i)).toList();
    Set<Throwable> failures = ConcurrentHashMap.newKeySet();
    List<Thread> clients = new ArrayList<>();
    for (int client = 0; client < 4; client++) {
      List<Job> own = jobs.subList(client * 20, client * 20 + 20);
      clients.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (Job job : own) {
                    push(job);
                  }
                } catch (Exception e) {
                  failures.add(e);
                }
              }));
    }
    takeEachOnce(jobs);
    for (Thread client : clients) {
      client.join();
    }
    assertThat(failures).isEmpty();
  }

  private void takeEachOnce(List<Job> jobs) throws Exception {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < jobs.size(); i++) {
      Delivery delivery = sink.take();
      assertThat(seen.add(delivery.job().id())).as("the first time").isTrue();
      delivery.ack();
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(jobs.stream().map(Job::id).toList());
    nothingElseArrives();
  }

  @Test
  void keepsJobsBackWhilePaused() throws Exception {
    pipeline.resume(soon());
    push(job("before"));
    sink.take().ack();
    pipeline.pause(soon());
    push(job("meanwhile"));
    letArrive();
    assertThat(sink.size()).isZero();
    pipeline.resume(soon());
    Delivery delivery = sink.take();
    assertThat(delivery.job().payload()).asString(UTF_8).isEqualTo("meanwhile");
    delivery.ack();
  }

  @Test
  void isPausedHoweverSoonAfterAResume() throws Exception {
    for (int i = 0; i < 5; i++) {
      pipeline.resume(soon());
      pipeline.pause(soon());
    }
    push(job("meanwhile"));
    letArrive();
    assertThat(sink.size()).isZero();
    assertThat(pipeline.state(soon()).ready()).isFalse();
    pipeline.resume(soon());
    sink.take().ack();
    nothingElseArrives();
  }

  @Test
  void tellsAnOutcomeWhilePaused() throws Exception {
    pipeline.resume(soon());
    push(job("taken before the pause"));
    Delivery delivery = sink.take();
    pipeline.pause(soon());
    delivery.ack();
    pipeline.stop(soon());
    RecordingSink next = new RecordingSink(1000);
    Optional<Pipeline> again = reopen(next);
    if (again.isPresent()) {
      try {
        again.get().resume(soon());
        nothingElseArrives(again.get(), next);
      } finally {
        again.get().stop(soon());
      }
    }
  }

  @Test
  void refusesToPauseOrResumeTwiceInUpstreamsWords() throws Exception {
    assertThatThrownBy(() -> pipeline.pause(soon()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no active listeners, nothing to pause");
    pipeline.resume(soon());
    assertThatThrownBy(() -> pipeline.resume(soon()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already in the active state");
    pipeline.pause(soon());
    assertThatThrownBy(() -> pipeline.pause(soon()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no active listeners, nothing to pause");
  }

  @Test
  void tellsWhetherItConsumes() throws Exception {
    PipelineState before = pipeline.state(soon());
    pipeline.resume(soon());
    PipelineState consuming = pipeline.state(soon());
    pipeline.pause(soon());
    PipelineState paused = pipeline.state(soon());
    assertThat(List.of(before.ready(), consuming.ready(), paused.ready()))
        .containsExactly(false, true, false);
    assertThat(consuming.pipeline()).isEqualTo(before.pipeline()).isNotEmpty();
    assertThat(consuming.driver()).isEqualTo(before.driver()).isNotEmpty();
    assertThat(consuming.priority()).isEqualTo(before.priority()).isPositive();
    assertThat(consuming.errorMessage()).isEmpty();
  }

  @Test
  void bringsARefusedJobAgainOnlyWhenItIsAskedTo() throws Exception {
    pipeline.resume(soon());
    Job job = job("try again");
    push(job);
    sink.take().nack(true, Duration.ZERO);
    Delivery again = sink.take();
    assertThat(again.job().id()).isEqualTo(job.id());
    if (!dropsRefusedJobs()) {
      again.ack();
      return;
    }
    again.nack(false, Duration.ZERO);
    Job other = job("other");
    push(other);
    Delivery next = sink.take();
    assertThat(next.job().id()).isEqualTo(other.id());
    next.ack();
  }

  @Test
  @EnabledIf("bringsJobsOfDeadWorkersAgain")
  void bringsTheJobOfADeadWorkerAgain() throws Exception {
    pipeline.resume(soon());
    Job job = job("deadly").withHeaders(Map.of("kept", List.of("1")));
    push(job);
    sink.take().nack();
    Delivery again = sink.take();
    assertThat(again.job().id()).isEqualTo(job.id());
    assertThat(again.job().payload()).isEqualTo(job.payload());
    checkHeaders(job, again.job());
    again.ack();
  }

  /** A broker may hand it over again before whoever gave it back has noted that it did. */
  @Test
  @EnabledIf("bringsJobsOfDeadWorkersAgain")
  void losesNoJobThatIsFasterThanItsRefusal() throws Exception {
    pipeline.resume(soon());
    Job job = job("deadly");
    push(job);
    for (int time = 0; time < 50; time++) {
      Delivery delivery = sink.poll(AT_ONCE.toMillis());
      if (delivery == null) {
        throw new AssertionError("it did not come again after refusal " + time);
      }
      assertThat(delivery.job().id()).isEqualTo(job.id());
      delivery.nack();
    }
    sink.take().ack();
  }

  /** As PHP tries a job again: it counts in a header, and gives up giving it back at three. */
  @Test
  void bringsAJobAgainWithItsHeadersChangedAsOftenAsItIsGivenBack() throws Exception {
    pipeline.resume(soon());
    Job job = job("payload").withHeaders(Map.of("kept", List.of("1"), "attempts", List.of("0")));
    push(job);
    Delivery next = sink.take();
    for (int attempts = 1; attempts <= 3; attempts++) {
      List<String> count = List.of(Integer.toString(attempts));
      Duration delay = attempts == 2 && delaysAgain() ? DELAY : Duration.ZERO;
      long givenBack = System.nanoTime();
      next.requeue(Map.of("attempts", count), delay);
      next = sink.take();
      checkDelay(givenBack, delay);
      assertThat(next.job().id()).isEqualTo(job.id());
      assertThat(next.job().name()).isEqualTo(job.name());
      assertThat(next.job().payload()).isEqualTo(job.payload());
      checkHeaders(job.withHeaders(Map.of("attempts", count)), next.job());
    }
    next.ack();
    nothingElseArrives();
  }

  @Test
  @EnabledIf("delays")
  void handsADelayedJobOverNotBeforeItIsDue() throws Exception {
    pipeline.resume(soon());
    long pushed = System.nanoTime();
    push(job("later").withOptions(options(10, DELAY)));
    Delivery delivery = sink.take();
    checkDelay(pushed, DELAY);
    delivery.ack();
  }

  @Test
  @EnabledIf("delaysAgain")
  void bringsAJobAgainNotBeforeItIsDue() throws Exception {
    pipeline.resume(soon());
    push(job("later"));
    Delivery first = sink.take();
    long givenBack = System.nanoTime();
    first.requeue(Map.of(), DELAY);
    Delivery second = sink.take();
    checkDelay(givenBack, DELAY);
    givenBack = System.nanoTime();
    second.nack(true, DELAY);
    Delivery third = sink.take();
    checkDelay(givenBack, DELAY);
    third.ack();
  }

  /** Brokers count in whole seconds and begin at their own. */
  private static void checkDelay(long since, Duration delay) {
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(delay.dividedBy(2));
  }

  @Test
  void holdsBackWhatIsBeyondItsPrefetch() throws Exception {
    RecordingSink two = new RecordingSink(1000);
    Optional<Pipeline> bounded = openWith(two, 2);
    if (bounded.isEmpty()) {
      return;
    }
    try {
      bounded.get().resume(soon());
      bounded.get().push(IntStream.range(0, 6).mapToObj(i -> job("job " + i)).toList(), soon());
      Delivery first = two.take();
      Delivery second = two.take();
      letArrive();
      assertThat(two.size()).as("beyond the bound").isZero();
      first.ack();
      Delivery third = two.take();
      letArrive();
      assertThat(two.size()).as("one for one").isZero();
      second.ack();
      third.ack();
      for (int i = 3; i < 6; i++) {
        two.take().ack();
      }
    } finally {
      bounded.get().stop(soon());
    }
  }

  @Test
  void pausesInTimeWhileTheQueueIsFullAndKeepsAll() throws Exception {
    RecordingSink full = new RecordingSink(1);
    List<Job> jobs = List.of(job("1"), job("2"), job("3"));
    Pipeline blocked = blocked(full, jobs);
    blocked.pause(soon());
    Set<String> ids = new HashSet<>();
    acknowledge(full, full.size(), ids);
    assertThat(blocked.state(soon()).ready()).isFalse();
    blocked.resume(soon());
    acknowledge(full, 3 - ids.size(), ids);
    blocked.stop(soon());
    assertThat(ids).containsExactlyInAnyOrderElementsOf(jobs.stream().map(Job::id).toList());
  }

  @Test
  void stopsInTimeWhileTheQueueIsFullAndKeepsAll() throws Exception {
    RecordingSink full = new RecordingSink(1);
    List<Job> jobs = List.of(job("1"), job("2"), job("3"));
    blocked(full, jobs).stop(soon());
    RecordingSink next = new RecordingSink(1000);
    Optional<Pipeline> again = reopen(next);
    if (again.isEmpty()) {
      return;
    }
    Set<String> ids = new HashSet<>();
    try {
      again.get().resume(soon());
      acknowledge(next, 3, ids);
    } finally {
      again.get().stop(soon());
    }
    assertThat(ids).containsExactlyInAnyOrderElementsOf(jobs.stream().map(Job::id).toList());
  }

  private Pipeline blocked(RecordingSink full, List<Job> jobs) throws Exception {
    Pipeline blocked = open(full);
    blocked.push(jobs, soon());
    blocked.resume(soon());
    Await.until("the queue is full", () -> full.size() == 1);
    return blocked;
  }

  private static void acknowledge(RecordingSink in, int count, Set<String> ids) throws Exception {
    for (int i = 0; i < count; i++) {
      Delivery delivery = in.take();
      ids.add(delivery.job().id());
      delivery.ack();
    }
  }

  // ---- outcomes that are refused ---------------------------------------------------------------

  private interface Outcome {
    void tell(Delivery delivery) throws Exception;
  }

  private static final List<Outcome> OUTCOMES =
      List.of(
          Delivery::ack,
          Delivery::nack,
          delivery -> delivery.nack(true, Duration.ZERO),
          delivery -> delivery.nack(false, Duration.ZERO),
          delivery -> delivery.requeue(Map.of(), Duration.ZERO),
          delivery -> delivery.requeue(Map.of("h", List.of("1")), Duration.ZERO));

  private static void refusesAll(Delivery delivery, String why) {
    for (Outcome outcome : OUTCOMES) {
      assertThatThrownBy(() -> outcome.tell(delivery)).hasMessageContaining(why);
    }
  }

  @Test
  void refusesASecondOutcomeWhichChangesNothing() throws Exception {
    pipeline.resume(soon());
    push(job("once"));
    Delivery done = sink.take();
    done.ack();
    refusesAll(done, "outcome");
    nothingElseArrives();
    push(job("again"));
    Delivery before = sink.take();
    before.requeue(Map.of("h", List.of("1")), Duration.ZERO);
    Delivery again = sink.take();
    refusesAll(before, "outcome");
    again.nack(true, Duration.ZERO);
    Delivery thrice = sink.take();
    assertThat(thrice.job().id()).isEqualTo(before.job().id());
    refusesAll(again, "outcome");
    thrice.ack();
    nothingElseArrives();
  }

  @Test
  void bringsAJobAgainAsItWasWhoseNewHeadersAreRefused() throws Exception {
    if (tooLongHeader() == 0) {
      return;
    }
    pipeline.resume(soon());
    Job job = job("kept");
    push(job);
    Delivery delivery = sink.take();
    Map<String, List<String>> large = Map.of("large", List.of("x".repeat(tooLongHeader())));
    try {
      delivery.requeue(large, Duration.ZERO);
    } catch (IOException | OperationException e) {
      // Some drivers say so, others log it.
    }
    refusesAll(delivery, "outcome");
    Delivery again = sink.take();
    assertThat(again.job().id()).isEqualTo(job.id());
    assertThat(again.job().payload()).isEqualTo(job.payload());
    assertThat(again.job().headers()).doesNotContainKey("large");
    again.ack();
    nothingElseArrives();
  }

  @Test
  void forgetsAJobThatIsAcknowledgedOnArrival() throws Exception {
    pipeline.resume(soon());
    Job job = job("on arrival");
    push(job.withOptions(new Job.Options(10, Duration.ZERO, true, place())));
    Delivery delivery = sink.take();
    assertThat(delivery.job().options().autoAck()).isEqualTo(keepsAutoAck());
    delivery.ack();
    nothingElseArrives();
  }

  @Test
  void refusesOutcomesOnceItHasStopped() throws Exception {
    pipeline.resume(soon());
    push(job("late"));
    Delivery late = sink.take();
    pipeline.stop(soon());
    assertThatThrownBy(late::ack).hasMessageContaining("the pipeline is probably stopped");
    for (Outcome outcome : OUTCOMES) {
      assertThatThrownBy(() -> outcome.tell(late))
          .isInstanceOfAny(IllegalStateException.class, IOException.class);
    }
  }

  @Test
  void refusesJobsOnceItHasStopped() throws Exception {
    pipeline.resume(soon());
    pipeline.stop(soon());
    assertThatThrownBy(() -> push(job("late")))
        .hasMessageContaining("the pipeline is probably stopped");
    assertThat(sink.size()).isZero();
  }

  @Test
  void keepsWhatHasNoOutcome() throws Exception {
    pipeline.resume(soon());
    Job taken = job("taken");
    push(taken);
    sink.take();
    pipeline.pause(soon());
    Job waiting = job("waiting");
    push(waiting);
    pipeline.stop(soon());
    RecordingSink next = new RecordingSink(1000);
    Pipeline again = reopen(next).orElse(null);
    if (again == null) {
      return;
    }
    try {
      again.resume(soon());
      Set<String> ids = new HashSet<>();
      for (int i = 0; i < 2; i++) {
        Delivery delivery = next.take();
        ids.add(delivery.job().id());
        delivery.ack();
      }
      assertThat(ids).containsExactlyInAnyOrder(taken.id(), waiting.id());
    } finally {
      again.stop(soon());
    }
  }

  /** A job with a payload and nothing else. */
  protected Job job(String payload) {
    return TestJobs.job(payload).withOptions(options());
  }

  private Job.Options options() {
    return options(10, Duration.ZERO);
  }

  private Job.Options options(long priority, Duration delay) {
    return new Job.Options(priority, delay, false, place());
  }

  private void push(Job job) throws Exception {
    pipeline.push(List.of(job), soon());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }
}

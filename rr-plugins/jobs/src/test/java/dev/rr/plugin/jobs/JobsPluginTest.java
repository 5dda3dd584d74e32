package dev.rr.plugin.jobs;

import static dev.rr.plugin.jobs.PluginHarness.job;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Problems;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Reply;
import dev.rr.proto.JobsProto;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class JobsPluginTest {
  private static final String TWO =
      "{pipelines: {a: {driver: memory, config: {priority: 13}}, b: {driver: memory}}, consume:"
          + " [a]}";

  @TempDir Path folder;

  private final List<String> worked = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init") // each test starts its own
  private PluginHarness jobs;

  private PluginHarness start(String section) throws Exception {
    return start(section, this::done);
  }

  private PluginHarness start(String section, FakePool.Worker worker) throws Exception {
    jobs = new PluginHarness(folder, section, worker);
    return jobs.start();
  }

  @AfterEach
  void stop() throws Exception {
    if (jobs != null) {
      jobs.close();
    }
  }

  private void done(FakePool.Request request, Reply reply) {
    worked.add(request.context());
    FakePool.answer(reply, "", "{\"type\":0,\"data\":[]}");
  }

  private void awaitWorked(int count) {
    Await.until(count + " jobs", () -> worked.size() >= count);
  }

  // ---- from a client to a worker ---------------------------------------------------------------

  @Test
  void aWorkerIsToldWhatPhpReads() throws Exception {
    start(TWO);
    jobs.push(
        job("task", "a").toBuilder()
            .putHeaders("h", JobsProto.HeaderValue.newBuilder().addValue("1").addValue("2").build())
            .build());
    awaitWorked(1);
    assertThat(worked)
        .containsExactly(
            "{\"id\":\"id of"
                + " task\",\"job\":\"task\",\"driver\":\"memory\",\"headers\":{\"h\":[\"1\",\"2\"]},"
                + "\"pipeline\":\"a\"}");
    FakePool.Request request = jobs.pool.requests().getFirst();
    assertThat(request.text()).isEqualTo("payload");
    assertThat(request.payload().codec()).isEqualTo(Payload.RAW);
    Await.until("it is done", () -> !jobs.log.with("job was processed successfully").isEmpty());
    assertThat(jobs.scraped("rr_jobs_jobs_ok")).isEqualTo(1);
    assertThat(jobs.log.with("job was pushed successfully")).hasSize(1);
    assertThat(jobs.log.with("job processing was started")).hasSize(1);
  }

  @Test
  void aJobWithoutPayloadIsOne() throws Exception {
    start(TWO);
    jobs.push(job("task", "a").toBuilder().clearPayload().build());
    awaitWorked(1);
    assertThat(jobs.pool.requests().getFirst().text()).isEmpty();
  }

  @Test
  void jobsOfAPausedPipelineWait() throws Exception {
    start(TWO);
    jobs.push(job("waits", "b"));
    assertThat(jobs.stat("b"))
        .satisfies(stat -> {
          assertThat(stat.getActive()).isEqualTo(1);
          assertThat(stat.getReady()).isFalse();
          assertThat(stat.getPriority()).isEqualTo(10);
        });
    jobs.on("Resume", "b");
    awaitWorked(1);
    assertThat(jobs.stat("b").getReady()).isTrue();
    jobs.on("Pause", "b");
    assertThat(jobs.stat("b").getReady()).isFalse();
    assertThat(jobs.log.with("pipeline was started")).hasSize(1);
    assertThat(jobs.log.with("pipeline was resumed")).hasSize(1);
    assertThat(jobs.log.with("pipeline was paused")).hasSize(1);
  }

  @Test
  void countsAsUpstreamDoes() throws Exception {
    start(TWO);
    assertThat(jobs.scraped("rr_jobs_push_ok")).isZero();
    for (int i = 0; i < 3; i++) {
      jobs.push(job("single", "a"));
    }
    batch("a", 2);
    batch("a", 5);
    awaitWorked(10);
    Await.until("all are counted", () -> jobs.scraped("rr_jobs_jobs_ok") == 10);
    assertThat(jobs.scraped("rr_jobs_push_ok")).isEqualTo(10);
    assertThat(jobs.scraped("rr_jobs_push_err")).isZero();
    String labels = "{driver=\"memory\",job=\"a\",source=";
    assertThat(jobs.scraped("rr_jobs_requests_total" + labels + "\"single\"}")).isEqualTo(3);
    assertThat(jobs.scraped("rr_jobs_requests_total" + labels + "\"batch\"}")).isEqualTo(7);
    assertThat(jobs.scraped("rr_jobs_total_workers")).isZero();
  }

  private void batch(String pipeline, int count) throws Exception {
    JobsProto.PushBatchRequest.Builder batch = JobsProto.PushBatchRequest.newBuilder();
    for (int i = 0; i < count; i++) {
      batch.addJobs(job("batch", pipeline));
    }
    Object ignored = jobs.call("PushBatch", batch.build());
  }

  @Test
  void aBatchEndsAtTheFirstPipelineThatIsNotThere() throws Exception {
    start(TWO);
    JobsProto.PushBatchRequest batch =
        JobsProto.PushBatchRequest.newBuilder()
            .addJobs(job("first", "a"))
            .addJobs(job("second", "nope"))
            .addJobs(job("third", "a"))
            .build();
    assertThatThrownBy(() -> jobs.call("PushBatch", batch))
        .hasMessage("rpc_push_batch:\n\tjobs_plugin_push_batch: no such pipeline, requested: nope");
    awaitWorked(1);
    assertThat(worked).singleElement().asString().contains("first");
  }

  // ---- what workers say ------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":0,\"data\":[]} | rr_jobs_jobs_ok | job was processed successfully",
        "{\"type\":2,\"data\":[]} | rr_jobs_jobs_ok | job was processed successfully",
        "{\"type\":42} | rr_jobs_jobs_ok | unknown response type",
        "{\"type\":1,\"data\":{\"message\":\"m\"}} | rr_jobs_jobs_err | jobs protocol error",
        "{\"type\":3,\"data\":{\"message\":\"m\"}} | rr_jobs_jobs_err | jobs nack request",
        "foo | rr_jobs_jobs_err | response handler error",
        "'' | rr_jobs_jobs_err | response handler error"
      })
  void aJobIsGoneOnceItsWorkerHasAnswered(String answer, String counter, String line)
      throws Exception {
    start(
        TWO,
        (request, reply) -> {
          worked.add(request.context());
          FakePool.answer(reply, "", answer);
        });
    jobs.push(job("task", "a"));
    Await.until("it is counted", () -> jobs.scraped(counter) == 1);
    Await.until("it is told", () -> jobs.log.with(line).size() == 1);
    Deadline soon = Deadline.after(Duration.ofSeconds(30));
    Await.until("it is gone", () -> jobs.driver.active("a", soon) == 0);
    assertThat(worked).hasSize(1);
  }

  @Test
  void aJobComesAgainWithItsHeadersChanged() throws Exception {
    start(
        TWO,
        (request, reply) -> {
          worked.add(request.context());
          boolean enough = worked.size() > 3;
          FakePool.answer(
              reply,
              "",
              enough
                  ? "{\"type\":0}"
                  : "{\"type\":1,\"data\":{\"message\":\"m\",\"requeue\":true,\"headers\":{\"attempts\":[\""
                      + worked.size()
                      + "\"]}}}");
        });
    jobs.push(job("task", "a"));
    Await.until("it is done", () -> !jobs.log.with("job was processed successfully").isEmpty());
    assertThat(jobs.scraped("rr_jobs_jobs_ok")).isEqualTo(1);
    assertThat(worked.get(3)).contains("\"attempts\":[\"3\"]");
    // Told and counted once it was given back, when it may be done already.
    Await.until("all is told", () -> jobs.log.with("job was re-queued").size() == 3);
    assertThat(jobs.scraped("rr_jobs_jobs_requeue")).isEqualTo(3);
    assertThat(jobs.log.with("job was pushed successfully")).hasSize(1);
    assertThat(jobs.log.with("job processing was started")).hasSize(4);
  }

  @Test
  void theJobOfADeadWorkerComesAgainAfterAPause() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    start(
        TWO,
        (request, reply) -> {
          Object ignored = request.context();
          if (tries.incrementAndGet() == 1) {
            reply.failed(new ExecException(ExecException.Kind.NETWORK, "EOF"));
          } else {
            done(request, reply);
          }
        });
    long begun = System.nanoTime();
    jobs.push(job("task", "a"));
    awaitWorked(1);
    assertThat(System.nanoTime() - begun).isGreaterThan(400_000_000);
    assertThat(jobs.log.with("job processed with errors"))
        .singleElement()
        .asString()
        .contains("EOF");
  }

  @Test
  void aJobThatIsAcknowledgedOnArrivalMayComeAgain() throws Exception {
    start(
        TWO,
        (request, reply) -> {
          worked.add(request.context());
          FakePool.answer(
              reply,
              "",
              worked.size() > 1
                  ? "{\"type\":3,\"data\":{\"message\":\"dropped\"}}"
                  : "{\"type\":4,\"data\":{\"headers\":{\"again\":[\"1\"]}}}");
        });
    JobsProto.Options options =
        JobsProto.Options.newBuilder().setPipeline("a").setAutoAck(true).build();
    jobs.push(job("task", "a").toBuilder().setOptions(options).build());
    awaitWorked(2);
    assertThat(worked.get(1)).contains("\"again\":[\"1\"]");
    Await.until("it is counted", () -> jobs.scraped("rr_jobs_jobs_err") == 1);
  }

  @Test
  void aJobThatNoWorkerWasFreeForHasNotFailed() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    start(
        TWO,
        (request, reply) -> {
          if (tries.incrementAndGet() < 3) {
            reply.failed(new ExecException(ExecException.Kind.NO_FREE_WORKERS, "none"));
          } else {
            done(request, reply);
          }
        });
    jobs.push(job("task", "a"));
    awaitWorked(1);
    Await.until("it is counted", () -> jobs.scraped("rr_jobs_jobs_ok") == 1);
    assertThat(jobs.scraped("rr_jobs_jobs_err")).isZero();
  }

  @Test
  void aStreamIsNoAnswer() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    start(
        TWO,
        (request, reply) -> {
          Object ignored = request.context();
          if (tries.incrementAndGet() == 1) {
            boolean more = reply.frame(0, ByteBuffer.allocate(0), FakePool.bytes("{}"), 0, false);
            assertThat(more).isFalse();
          } else {
            done(request, reply);
          }
        });
    jobs.push(job("task", "a"));
    awaitWorked(1);
    assertThat(jobs.log.with("streaming is not supported")).isNotEmpty();
  }

  @Test
  void anAnswerMayComeInPieces() throws Exception {
    start(
        TWO,
        (request, reply) -> {
          worked.add(request.context());
          byte[] answer = "{\"type\":0,\"data\":[]}".getBytes(UTF_8);
          ByteBuffer first = ByteBuffer.wrap(answer, 0, 5).slice();
          boolean more = reply.frame(0, ByteBuffer.allocate(0), first, answer.length - 5, true);
          assertThat(more && reply.body(ByteBuffer.wrap(answer, 5, answer.length - 5).slice(), 0))
              .isTrue();
        });
    jobs.push(job("task", "a"));
    Await.until("it is done", () -> jobs.scraped("rr_jobs_jobs_ok") == 1);
  }

  // ---- pipelines of clients --------------------------------------------------------------------

  @Test
  void aDeclaredPipelineWorksOnceItIsResumed() throws Exception {
    start(TWO);
    jobs.declare("driver", "memory", "name", "declared", "priority", "3", "prefetch", "100");
    assertThat(jobs.stat("declared").getPriority()).isEqualTo(3);
    assertThat(jobs.stat("declared").getReady()).isFalse();
    jobs.on("Resume", "declared");
    assertThat(jobs.stat("declared").getReady()).isTrue();
    jobs.push(job("task", "declared"));
    awaitWorked(1);
    jobs.on("Pause", "declared");
    jobs.push(job("held", "declared"));
    assertThat(jobs.stat("declared").getReady()).isFalse();
    Deadline soon = Deadline.after(Duration.ofSeconds(10));
    Await.until("it waits alone", () -> jobs.driver.active("declared", soon) == 1);
    assertThat(worked).hasSize(1);
    jobs.on("Resume", "declared");
    awaitWorked(2);
    jobs.on("Destroy", "declared");
    assertThat(names()).containsExactly("a", "b");
    assertThatThrownBy(() -> jobs.push(job("task", "declared")))
        .hasMessage("rpc_push:\n\tjobs_plugin_push: no such pipeline, requested: declared");
  }

  private List<String> names() throws Exception {
    return ((JobsProto.Pipelines) jobs.call("List", PluginHarness.EMPTY)).getPipelinesList();
  }

  @Test
  void aDeclaredPriorityThatIsNoNumberIsTen() throws Exception {
    start(TWO);
    jobs.declare("driver", "memory", "name", "x", "priority", "high");
    assertThat(jobs.stat("x").getPriority()).isEqualTo(10);
  }

  @Test
  void oldClientsCallTheNameQueue() throws Exception {
    start(TWO);
    jobs.declare("driver", "memory", "queue", "old");
    assertThat(names()).contains("old");
  }

  @Test
  void aPipelineDeclaredLaterIsConsumedWhenTheConfigurationSaysSo() throws Exception {
    start("{consume: [later]}");
    jobs.declare("driver", "memory", "name", "later");
    assertThat(jobs.stat("later").getReady()).isTrue();
  }

  @Test
  void refusesInUpstreamsWords() throws Exception {
    start(TWO);
    says(() -> jobs.declare("name", "x"))
        .isEqualTo(
            "rpc_declare_pipeline:\n\tjobs_plugin_declare: no associated driver with the pipeline,"
                + " pipeline name: x");
    says(() -> jobs.declare("name", "a", "driver", "memory"))
        .isEqualTo("rpc_declare_pipeline: pipeline already exists, name: a, driver: memory");
    says(() -> jobs.declare("name", "x", "driver", "nosuch"))
        .isEqualTo(
            "rpc_declare_pipeline:\n\tjobs_plugin_declare: no constructor registered for driver:"
                + " nosuch, pipeline: x");
    says(() -> jobs.on("Destroy", "nope"))
        .isEqualTo(
            "rpc_destroy_pipeline:\n\tjobs_plugin_destroy: no such pipeline, requested: nope");
    says(() -> jobs.on("Pause", "nope")).isEqualTo("rpc_pause: no such pipeline, requested: nope");
    says(() -> jobs.on("Pause", "b")).isEqualTo("rpc_pause: no active listeners, nothing to pause");
    says(() -> jobs.on("Resume", "a"))
        .isEqualTo("rpc_resume: memory listener is already in the active state");
    says(() -> jobs.push(JobsProto.Job.getDefaultInstance()))
        .isEqualTo("rpc_push: empty ID field not allowed");
    says(() -> jobs.call("Push", JobsProto.PushRequest.getDefaultInstance()))
        .isEqualTo("rpc_push: empty ID field not allowed");
  }

  private interface Refused {
    void call() throws Exception;
  }

  private static AbstractStringAssert<?> says(Refused call) {
    return assertThat(refusal(call));
  }

  private static String refusal(Refused call) {
    try {
      call.call();
    } catch (Exception e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("nothing was refused");
  }

  @Test
  void aDestroyedPipelineIsGoneWhateverBecomesOfOthers() throws Exception {
    start(TWO);
    assertThatThrownBy(() -> jobs.on("Destroy", "nope", "a", "b")).isInstanceOf(Exception.class);
    assertThat(names()).isEmpty();
  }

  @Test
  void jobsOfADestroyedPipelineAreNotBegunAndThoseThatRunAreNotAcknowledged() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    start(
        "{pipelines: {a: {driver: memory}, b: {driver: memory}}, consume: [a, b]}",
        (request, reply) -> {
          worked.add(request.context());
          release.await();
          FakePool.answer(reply, "", "{\"type\":0}");
        });
    batch("a", 100);
    batch("b", 100);
    awaitWorked(4);
    Await.until("two stand in line", () -> jobs.pool.requests().size() == 6);
    jobs.on("Destroy", "a", "b");
    release.countDown();
    Await.until("all are told", () -> jobs.log.with("response handler error").size() == 6);
    assertThat(worked).hasSize(6);
    assertThat(jobs.log.with("job was pushed successfully")).hasSize(200);
    assertThat(jobs.log.with("job was processed successfully")).isEmpty();
  }

  @Test
  void aPipelineThatIsDestroyedWhileItIsOpenedIsClosed() throws Exception {
    start("{timeout: 1, consume: [x]}");
    jobs.driver.gate = new CountDownLatch(1);
    FutureTask<String> declared =
        new FutureTask<>(() -> refusal(() -> jobs.declare("name", "x", "driver", "memory")));
    Thread.ofVirtual().start(declared);
    Await.until("it is opened", () -> jobs.driver.opening.get() == 1);
    says(() -> jobs.on("Destroy", "x")).contains("context deadline exceeded");
    jobs.driver.gate.countDown();
    assertThat(declared.get()).contains("the pipeline was stopped while it was opened");
    assertThatThrownBy(
            () -> jobs.driver.opened("x").push(List.of(), Deadline.after(Duration.ofSeconds(1))))
        .hasMessageContaining("is probably stopped");
  }

  @Test
  void nothingIsDeclaredOnceTheServerStops() throws Exception {
    start(TWO);
    jobs.close();
    says(() -> jobs.declare("name", "x", "driver", "memory")).contains("the server is stopping");
    assertThat(names()).isEmpty();
    assertThat(jobs.driver.opening).hasValue(2);
  }

  // ---- jobs that are in no broker any more -----------------------------------------------------

  private static final JobsProto.Options ON_ARRIVAL =
      JobsProto.Options.newBuilder().setPipeline("a").setAutoAck(true).build();

  /** Pushes five, of which one is worked on, two stand in line and two are queued. */
  private void startWithFiveOnArrival(FakePool.Worker worker) throws Exception {
    start(TWO, worker);
    for (int i = 0; i < 5; i++) {
      jobs.push(job("task " + i, "a").toBuilder().setOptions(ON_ARRIVAL).build());
    }
    Await.until("one is worked on", () -> worked.size() == 1);
    Await.until("two stand in line", () -> jobs.pool.requests().size() == 3);
    Deadline soon = Deadline.after(Duration.ofSeconds(10));
    Await.until("all were acknowledged", () -> jobs.driver.active("a", soon) == 0);
  }

  /** Begins the first, until it is released or stopped. */
  private void workOnOne(FakePool.Request request, Reply reply, CountDownLatch release) {
    try {
      if (jobs.pool.requests().getFirst() == request) {
        worked.add(request.context());
        release.await();
        FakePool.answer(reply, "", "{\"type\":0}");
      } else {
        release.await();
        done(request, reply);
      }
    } catch (InterruptedException e) {
      reply.failed(new ExecException(ExecException.Kind.STOPPED, "stopped"));
    }
  }

  @Test
  void jobsThatWereAcknowledgedOnArrivalAndNotBegunGoBackWhenTheServerStops() throws Exception {
    startWithFiveOnArrival((request, reply) -> workOnOne(request, reply, new CountDownLatch(1)));
    jobs.close();
    Deadline soon = Deadline.after(Duration.ofSeconds(1));
    assertThat(jobs.driver.active("a", soon)).isEqualTo(4);
    assertThat(jobs.log.with("jobs that were not begun go back")).hasSize(1);
  }

  @Test
  void jobsThatWereAcknowledgedOnArrivalOutliveARestartOfTheirPipeline() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    startWithFiveOnArrival((request, reply) -> workOnOne(request, reply, release));
    jobs.driver.failures = 1;
    jobs.driver.sink("a").lost(new IllegalStateException("the channel is closed"));
    Await.until("it is lost", () -> !jobs.log.with("failed to restart the pipeline").isEmpty());
    release.countDown();
    awaitWorked(5);
    assertThat(worked).doesNotHaveDuplicates().hasSize(5);
  }

  @Test
  void jobsThatWereAcknowledgedOnArrivalAreToldWhenNobodyTakesThem() throws Exception {
    startWithFiveOnArrival((request, reply) -> workOnOne(request, reply, new CountDownLatch(1)));
    jobs.driver.failures = 1000;
    jobs.driver.sink("a").lost(new IllegalStateException("the channel is closed"));
    Await.until("it is lost", () -> !jobs.log.with("failed to restart the pipeline").isEmpty());
    jobs.on("Destroy", "a");
    assertThat(jobs.log.with("jobs that were acknowledged on arrival are lost"))
        .singleElement()
        .asString()
        .contains("2");
  }

  // ---- pipelines that come and go --------------------------------------------------------------

  @Test
  void aLostPipelineIsOpenedAgainAndConsumes() throws Exception {
    start(TWO);
    jobs.driver.failures = 1;
    JobSink sink = jobs.driver.sink("a");
    sink.lost(new IllegalStateException("the channel is closed"));
    sink.lost(new IllegalStateException("twice"));
    Await.until("it was restarted", () -> !jobs.log.with("pipeline was restarted").isEmpty());
    assertThat(jobs.log.with("failed to restart the pipeline")).hasSize(1);
    assertThat(jobs.log.with("the pipeline cannot go on"))
        .singleElement()
        .asString()
        .contains("the channel is closed");
    jobs.push(job("task", "a"));
    awaitWorked(1);
  }

  @Test
  void whatADriverDeletesAtTheEndOfAPipelineOutlivesItsRestart() throws Exception {
    start(TWO);
    jobs.driver.sink("a").lost(new IllegalStateException("the channel is closed"));
    Await.until("it was restarted", () -> !jobs.log.with("pipeline was restarted").isEmpty());
    assertThat(jobs.driver.ends).containsExactly("release");
    jobs.on("Destroy", "a");
    assertThat(jobs.driver.ends).containsExactly("release", "destroy");
  }

  @Test
  void whoPushesWhileAPipelineIsLostWaits() throws Exception {
    start(TWO);
    jobs.driver.failures = 1;
    jobs.driver.sink("a").lost(new IllegalStateException("gone"));
    Await.until("it is gone", () -> !jobs.log.with("failed to restart the pipeline").isEmpty());
    jobs.push(job("task", "a"));
    awaitWorked(1);
  }

  @Test
  void aPushWaitsNoLongerThanItMay() throws Exception {
    start("{timeout: 1, pipelines: {a: {driver: memory}}}");
    jobs.driver.failures = 100;
    jobs.driver.sink("a").lost(new IllegalStateException("gone"));
    Await.until("it is gone", () -> !jobs.log.with("failed to restart the pipeline").isEmpty());
    says(() -> jobs.push(job("task", "a")))
        .isEqualTo(
            "rpc_push:\n\tjobs_plugin_push: consumer not registered for the requested driver:"
                + " memory");
    assertThat(jobs.scraped("rr_jobs_push_err")).isEqualTo(1);
    assertThat(jobs.plugin.pipelines())
        .singleElement()
        .extracting(PipelineState::errorMessage)
        .isEqualTo("the pipeline is not open");
  }

  @Test
  void aPipelineThatEndsIsDestroyed() throws Exception {
    start(TWO);
    jobs.driver.sink("a").ended("its queue was deleted");
    Await.until("it is gone", () -> !jobs.log.with("its queue was deleted").isEmpty());
    assertThat(names()).containsExactly("b");
  }

  @Test
  void aDriverThatCannotOpenAPipelineFailsTheStart() throws Exception {
    jobs = new PluginHarness(folder, TWO, this::done);
    jobs.driver.failures = 1;
    assertThatThrownBy(jobs::start).hasMessage("jobs_plugin_serve: the broker is not there");
  }

  @Test
  void pipelinesAreListedBeforeTheyAreOpen() throws Exception {
    jobs = new PluginHarness(folder, TWO, this::done);
    jobs.plugin.check(new Problems());
    assertThat(names()).containsExactly("a", "b");
    assertThat(jobs.plugin.pipelines()).isEmpty();
  }

  @Test
  void reportersHaveARowForEach() throws Exception {
    start(TWO);
    assertThat(jobs.plugin.pipelines())
        .extracting(PipelineState::pipeline, PipelineState::ready)
        .containsExactly(tuple("a", true), tuple("b", false));
  }

  // ---- dead letters ----------------------------------------------------------------------------

  @Test
  void aJobThatFailsAgainAndAgainGoesToTheOtherPipeline() throws Exception {
    start(
        "{pipelines: {a: {driver: memory, config: {deadletter: {pipeline: dead, max_attempts: 2}}},"
            + " dead: {driver: memory}}, consume: [a, dead]}",
        (request, reply) -> {
          worked.add(request.context());
          FakePool.answer(
              reply,
              "",
              request.context().contains("\"pipeline\":\"dead\"")
                  ? "{\"type\":0}"
                  : "{\"type\":1,\"data\":{\"message\":\"no disk\",\"requeue\":true}}");
        });
    jobs.push(job("task", "a"));
    awaitWorked(3);
    assertThat(worked.get(1)).contains("\"rr-attempts\":[\"1\"]");
    assertThat(worked.get(2))
        .contains(
            "\"rr-failed-attempts\":[\"2\"]",
            "\"rr-last-error\":[\"no disk\"]",
            "\"rr-failed-pipeline\":[\"a\"]")
        .doesNotContain("rr-attempts");
    Await.until("it is gone", () -> jobs.scraped("rr_jobs_jobs_err") == 1);
  }

  @Test
  void aJobThatIsNotToComeAgainGoesToTheOtherPipelineAtOnce() throws Exception {
    start(
        "{pipelines: {a: {driver: memory, config: {deadletter: {pipeline: dead}}},"
            + " dead: {driver: memory}}, consume: [a]}",
        (request, reply) ->
            FakePool.answer(reply, "", "{\"type\":1,\"data\":{\"message\":\"no\"}}"));
    jobs.push(job("task", "a"));
    Await.until("it is there", () -> !jobs.log.with("went to another pipeline").isEmpty());
    assertThat(jobs.stat("dead").getActive()).isEqualTo(1);
  }

  @Test
  void aJobThatKillsItsWorkersGoesToTheOtherPipeline() throws Exception {
    start(
        "{pipelines: {a: {driver: memory, config: {deadletter: {pipeline: dead, max_attempts: 2}}},"
            + " dead: {driver: memory}}, consume: [a]}",
        (request, reply) -> {
          worked.add(request.context());
          reply.failed(new ExecException(ExecException.Kind.NETWORK, "EOF"));
        });
    jobs.push(job("deadly", "a"));
    Await.until("it is there", () -> !jobs.log.with("went to another pipeline").isEmpty());
    assertThat(worked).hasSize(2);
    assertThat(jobs.stat("dead").getActive()).isEqualTo(1);
  }

  @Test
  void aFailedJobIsWorkedOnByThePoolOfTheOtherPipeline() throws Exception {
    start(
        "{pools: {fast: {num_workers: 1}, slow: {num_workers: 1}}, pipelines: {a: {driver: memory,"
            + " pool: fast, config: {deadletter: {pipeline: dead}}}, dead: {driver: memory, pool:"
            + " slow}}, consume: [a, dead]}",
        (request, reply) -> {
          worked.add(request.context());
          FakePool.answer(
              reply, "", worked.size() > 1 ? "{\"type\":0}" : "{\"type\":1,\"data\":{}}");
        });
    jobs.push(job("task", "a"));
    awaitWorked(2);
    assertThat(worked.get(0)).contains("\"pool\":[\"fast\"]");
    assertThat(worked.get(1)).contains("\"pool\":[\"slow\"]");
  }

  @Test
  void aJobIsNotLostWhoseOtherPipelineIsNotThere() throws Exception {
    start(
        "{pipelines: {a: {driver: memory, config: {deadletter: {pipeline: nope}}}}, consume: [a]}",
        (request, reply) -> {
          worked.add(request.context());
          FakePool.answer(
              reply, "", worked.size() > 1 ? "{\"type\":0}" : "{\"type\":1,\"data\":{}}");
        });
    jobs.push(job("task", "a"));
    awaitWorked(2);
    assertThat(jobs.log.with("a failed job cannot be pushed to the other pipeline")).hasSize(1);
    assertThat(jobs.warnings).singleElement().asString().contains("no pipeline 'nope' yet");
  }

  @Test
  void saysWhichPipelineForFailedJobsMayHaveBeenMeant() throws Exception {
    start(
        "{pipelines: {a: {driver: memory, config: {deadletter: {pipeline: failde}}}, failed:"
            + " {driver: memory}}}");
    assertThat(jobs.warnings)
        .singleElement()
        .asString()
        .endsWith(
            "jobs.pipelines.a.config.deadletter.pipeline: there is no pipeline 'failde' yet; did"
                + " you mean 'failed'?");
    jobs.declare("driver", "memory", "name", "x", "deadletter", "{\"pipeline\":\"faild\"}");
    assertThat(jobs.log.with("no pipeline 'faild' yet; did you mean 'failed'?")).hasSize(1);
  }

  @Test
  void saysWhichPipelineMayHaveBeenMeantToBeConsumed() throws Exception {
    start("{pipelines: {mails: {driver: memory}}, consume: [mials]}");
    assertThat(jobs.warnings)
        .singleElement()
        .asString()
        .endsWith("jobs.consume: there is no pipeline 'mials' yet; did you mean 'mails'?");
  }

  @Test
  void aDeclaredPipelineDoesNotSendFailedJobsRound() throws Exception {
    start("{pipelines: {a: {driver: memory, config: {deadletter: {pipeline: x}}}}}");
    says(() -> jobs.declare("driver", "memory", "name", "x", "deadletter", "{\"pipeline\":\"a\"}"))
        .contains("deadletter.pipeline: jobs that fail there come back to 'x'");
  }

  // ---- pools -----------------------------------------------------------------------------------

  @Test
  void aJobCarriesThePoolOfItsPipeline() throws Exception {
    start(
        "{pools: {fast: {num_workers: 1}, slow: {num_workers: 1}}, pipelines: {a: {driver: memory,"
            + " pool: fast}}, consume: [a]}");
    jobs.push(job("task", "a"));
    awaitWorked(1);
    assertThat(worked.getFirst()).contains("\"pool\":[\"fast\"]");
  }

  @Test
  void aHeaderNamedPoolMeansNothingWithoutPools() throws Exception {
    start(TWO);
    jobs.push(
        job("task", "a").toBuilder()
            .putHeaders("pool", JobsProto.HeaderValue.newBuilder().addValue("nope").build())
            .build());
    awaitWorked(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{pool: {}, pools: {x: {}}} | jobs.pools: both pool and pools options cannot be set",
        "{pools: {x: {}}, pipelines: {a: {driver: memory}}} | pool: is missing; there are x",
        "{pools: {x: {}}, pipelines: {a: {driver: memory, pool: y}}} | is none; there are x",
        "{pipelines: {a: {driver: memroy}}} | jobs.pipelines.a.driver: 'memroy' is no driver",
        "{pipelines: {a: {config: {}}}} | jobs.pipelines.a.driver",
        "{pipelines: {a: {driver: memory, config: {priority: ten}}}} | \"ten\" is not a whole",
        "{pipelines: {a: {driver: memory, config: {deadletter: {pipeline: a}}}}} |"
            + " jobs.pipelines.a.config.deadletter.pipeline: jobs that fail there come back to 'a'",
        "{pipelines: {a: {driver: memory, config: {deadletter: {pipeline: b}}}, b: {driver: memory,"
            + " deadletter: {pipeline: a}}}} | deadletter.pipeline: jobs that fail there come back"
            + " to 'b'"
      })
  void saysWhatIsWrongBeforeTheStart(String section, String problem) throws Exception {
    assertThatThrownBy(() -> start(section))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void takesUpstreamsFilesAsTheyAre() throws Exception {
    start(
        "{num_pollers: 64, pipeline_size: 100000, timeout: 30, options: {parallelism: 0}, pool:"
            + " {num_workers: 2, max_jobs: 0, allocate_timeout: 60s}, pipelines: {a: {driver:"
            + " memory, prefetch: 100, priority: 3}}, consume: [a]}");
    assertThat(jobs.stat("a").getPriority()).isEqualTo(3);
    assertThat(jobs.driver.spec("a").config().integer("prefetch", 0, 0, 1000)).isEqualTo(100);
  }

  // ---- the end ---------------------------------------------------------------------------------

  @Test
  void bearsEveryLife() throws Exception {
    FakePool.Worker worker = this::done;
    LifecycleContract.holds(
        () -> new PluginHarness(folder, TWO, worker).plugin,
        () -> {
          PluginHarness failing = new PluginHarness(folder, TWO, worker);
          failing.driver.failures = 1;
          return failing.plugin;
        });
  }
}

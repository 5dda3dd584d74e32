package dev.rr.plugin.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Job;
import dev.rr.plugin.jobs.QueuedJob.Source;
import dev.rr.testing.worker.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JobQueueTest {
  private final JobQueue queue = new JobQueue(4, 10_000);
  private final Source a = source();
  private final Source b = source();

  private static Source source() {
    return new Source(PluginHarness.unopened());
  }

  private static QueuedJob job(Source source, String payload, long priority) {
    Job job = new Job(payload, "task", payload.getBytes(UTF_8), Map.of(), Job.Options.NONE);
    return new QueuedJob(new FakeDelivery(job), source, "", priority);
  }

  private List<String> drained() {
    List<String> ids = new ArrayList<>();
    for (QueuedJob next = queue.poll(""); next != null; next = queue.poll("")) {
      ids.add(next.delivery.job().id());
    }
    return ids;
  }

  @Test
  void theLowestNumberGoesFirstAndEqualsInOrder() {
    queue.offer(job(a, "later", 10));
    queue.offer(job(a, "first", 1));
    queue.offer(job(a, "second", 1));
    queue.offer(job(a, "urgent", -5));
    assertThat(drained()).containsExactly("urgent", "first", "second", "later");
  }

  @Test
  void pipelinesOfOnePriorityTakeTurns() {
    queue.offer(job(a, "a1", 10));
    queue.offer(job(a, "a2", 10));
    queue.offer(job(a, "a3", 10));
    queue.offer(job(b, "b1", 10));
    assertThat(drained()).containsExactly("a1", "b1", "a2", "a3");
  }

  @Test
  void isBoundedInNumber() {
    for (int i = 0; i < 4; i++) {
      assertThat(queue.offer(job(a, "a" + i, 10))).isTrue();
    }
    assertThat(queue.offer(job(a, "one too many", 10))).isFalse();
    assertThat(queue.poll("")).isNotNull();
    assertThat(queue.offer(job(a, "fits", 10))).isTrue();
  }

  @Test
  void isBoundedInBytes() {
    assertThat(queue.offer(job(a, "x".repeat(4000), 10))).isTrue();
    assertThat(queue.offer(job(a, "x".repeat(4000), 10))).isFalse();
    assertThat(queue.offer(job(a, "x", 10))).isTrue();
  }

  @Test
  void aPipelineOfWhichNothingWaitsAlwaysHasAPlace() {
    for (int i = 0; i < 4; i++) {
      queue.offer(job(a, "a" + i, 10));
    }
    assertThat(queue.offer(job(b, "urgent and large" + "x".repeat(20_000), 1))).isTrue();
    assertThat(queue.offer(job(b, "second", 1))).isFalse();
    assertThat(drained()).first().asString().startsWith("urgent");
  }

  @Test
  void waitsForAPlace() throws Exception {
    for (int i = 0; i < 4; i++) {
      queue.offer(job(a, "a" + i, 10));
    }
    FutureTask<Void> adding = adding(job(a, "waits", 10));
    assertThat(drained()).hasSizeGreaterThanOrEqualTo(4);
    adding.get();
    Await.until("it is there", () -> !queue.isEmpty("") || queue.size() == 0);
  }

  private FutureTask<Void> adding(QueuedJob job) {
    FutureTask<Void> task =
        new FutureTask<>(() -> {
          queue.add(job);
          return null;
        });
    Thread.ofVirtual().start(task);
    return task;
  }

  @Test
  void aClosedSourceGetsItsJobsBackInOrderAndLetsGoWhoWaits() throws Exception {
    for (int i = 0; i < 4; i++) {
      queue.offer(job(a, "a" + i, i / 2));
    }
    queue.offer(job(b, "b", 2));
    FutureTask<Void> adding = adding(job(a, "waits", 10));
    assertThat(queue.close(a))
        .extracting(job -> job.delivery.job().id())
        .containsExactly("a0", "a1", "a2", "a3");
    assertThatThrownBy(adding::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(drained()).containsExactly("b");
    assertThat(queue.offer(job(a, "late", 10))).isFalse();
    assertThat(queue.size()).isZero();
  }

  @Test
  void aClosedQueueTakesOnlyWhatWasInItBefore() {
    queue.offer(job(a, "a1", 10));
    queue.offer(job(a, "a2", 10));
    QueuedJob first = requireNonNull(queue.poll(""));
    queue.close();
    assertThat(queue.offer(job(a, "late", 10))).isFalse();
    assertThat(queue.putBack(first)).isTrue();
    assertThat(queue.close(a))
        .extracting(job -> job.delivery.job().id())
        .containsExactly("a1", "a2");
  }

  @Test
  void aJobThatIsPutBackIsTheFirstOfItsPipelineAgain() {
    queue.offer(job(a, "a1", 10));
    queue.offer(job(a, "a2", 10));
    QueuedJob first = requireNonNull(queue.poll(""));
    assertThat(queue.putBack(first)).isTrue();
    assertThat(drained()).containsExactly("a1", "a2");
  }

  @Test
  void poolsHaveLinesOfTheirOwn() {
    Job job = new Job("x", "task", new byte[0], Map.of(), Job.Options.NONE);
    queue.offer(new QueuedJob(new FakeDelivery(job), a, "fast", 10));
    assertThat(queue.poll("slow")).isNull();
    assertThat(queue.isEmpty("fast")).isFalse();
    assertThat(queue.poll("fast")).isNotNull();
  }

  @Test
  void losesAndDoublesNothingWhileManyAddAndTake() throws Exception {
    int each = 2_000;
    List<FutureTask<Void>> adders = new ArrayList<>();
    for (Source source : List.of(a, b, source())) {
      FutureTask<Void> adder =
          new FutureTask<>(() -> {
            for (int i = 0; i < each; i++) {
              queue.add(job(source, "j" + i, i % 3));
            }
            return null;
          });
      adders.add(adder);
      Thread.ofVirtual().start(adder);
    }
    var taken = new AtomicInteger();
    List<CompletableFuture<Void>> takers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      takers.add(
          CompletableFuture.runAsync(() -> {
            while (taken.get() < 3 * each) {
              if (queue.poll("") == null) {
                Thread.onSpinWait();
              } else {
                taken.incrementAndGet();
              }
            }
          }));
    }
    for (FutureTask<Void> adder : adders) {
      adder.get();
    }
    takers.forEach(CompletableFuture::join);
    assertThat(taken).hasValue(3 * each);
    assertThat(queue.size()).isZero();
  }
}

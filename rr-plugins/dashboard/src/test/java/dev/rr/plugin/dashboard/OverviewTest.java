package dev.rr.plugin.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rr.api.health.Health;
import dev.rr.api.health.HealthCheck;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OverviewTest {
  private static final long SECOND = 1_000_000_000;

  private final Collected collected = new Collected();
  private final FakeWorkers workers = new FakeWorkers(2);
  private final Overview overview = new Overview(collected, new FakeHost(), new LogRing());
  private double answered;
  private double broken;
  private long[] buckets = {0, 0, 0};

  private final MetricsSource source =
      sink -> {
        sink.counter("rr_http_request_total", "", answered, "status", "200");
        sink.counter("rr_http_request_total", "", broken, "status", "502");
        sink.gauge("rr_http_requests_queue", "", 3);
        sink.gauge("rr_http_total_workers", "", 2);
        sink.gauge("rr_lock_held", "Locks held.", 5);
        sink.gauge("rr_many", "", 1, "label", "value");
        sink.histogram("rr_http_request_duration_seconds", "", new double[] {.1, .2}, buckets, 0);
      };

  private Sample at(long seconds) {
    Sample taken = Sample.take(collected, new RecordingLog());
    Sample moved = new Sample(seconds * 1_000, seconds * SECOND, taken.pools(), taken.figures());
    overview.look(moved);
    return moved;
  }

  private String changes(Sample sample) {
    return new String(overview.changes(sample), UTF_8);
  }

  @Test
  void countsRequestsWhereTheyAreCounted() {
    collected.sources().put("http_metrics", source);
    at(0);
    answered = 90;
    broken = 10;
    String state = changes(at(10));

    assertThat(state).contains("\"counted\":true,\"requests\":10,\"failed\":1,\"running\":3,");
  }

  @Test
  void countsExecutionsOtherwiseThoughWorkersAreReplaced() {
    collected.managers().put("http", workers);
    at(0);
    workers.workers = List.of(worker(1_000, 150), worker(7, 20));
    String state = changes(at(10));

    // 50 of the one that stayed, 20 of the new one.
    assertThat(state).contains("\"counted\":false,\"requests\":7,\"failed\":0,\"running\":-1,");
  }

  private WorkerSnapshot worker(long pid, long executed) {
    WorkerSnapshot like = workers.workers.getFirst();
    return new WorkerSnapshot(pid, 1, executed, like.created(), 0, 0, "", "ready");
  }

  @Test
  void theRateIsOfTheTimeSinceTheLookBeforeAlsoWhenNobodyWatched() {
    collected.sources().put("http_metrics", source);
    at(0);
    answered = 1_000;
    at(10);
    answered = 1_005;

    assertThat(changes(at(11))).contains("\"requests\":5,");
  }

  @Test
  void percentilesAreOfThePointAndOfTheLastMinute() {
    collected.sources().put("http_metrics", source);
    buckets = new long[] {1_000, 0, 0};
    overview.point(at(0));
    buckets = new long[] {1_000, 100, 0};
    String point = new String(overview.point(at(10)), UTF_8);

    assertThat(point).startsWith("event: point\ndata: [10000,0,0,0,0,0,0,150,195,199]");
    assertThat(changes(at(10))).contains("\"minute\":[55,145,189]");
  }

  @Test
  void otherFiguresAreShownAsTheyAre() {
    collected.sources().put("lock", source);

    assertThat(changes(at(0)))
        .contains("\"name\":\"rr_lock_held\"")
        .doesNotContain("rr_http_total_workers")
        .doesNotContain("rr_many");
  }

  @Test
  void aPluginThatCannotBeAskedDoesNotHideTheOthers() {
    collected
        .sources()
        .put(
            "broken",
            sink -> {
              throw new IllegalStateException("broken");
            });
    collected.managers().put("http", workers);

    assertThat(changes(at(0))).contains("\"id\":\"http\"");
  }

  @Test
  void percentilesLieBetweenTheBoundsOfTheirBucket() {
    Latencies some = new Latencies(new double[] {1, 2, 4}, new long[] {50, 0, 50, 0});

    assertThat(some.percentile(.5)).isEqualTo(1);
    assertThat(some.percentile(.75)).isCloseTo(3, within(1e-9));
    assertThat(new Latencies(new double[] {1}, new long[] {0, 9}).percentile(.5)).isEqualTo(1);
    assertThat(Latencies.shown(null)).containsExactly(null, null, null);
  }

  @Test
  void theHistoryIsAnHourLong() {
    History history = new History();
    for (int i = 0; i < 2 * History.POINTS; i++) {
      history.add(new History.Point(i, 0, 0, 0, 0, 0, 0, null));
    }
    assertThat(history.json()).hasSize(History.POINTS);
    assertThat(history.json().getFirst().getFirst()).isEqualTo((long) History.POINTS);
  }

  @Test
  void pipelinesAndHealthAreToldAsSoonAsTheyAnswer() {
    collected
        .reporters()
        .put(
            "broken",
            () -> {
              throw new IllegalStateException("no broker");
            });
    collected
        .reporters()
        .put("jobs", () -> List.of(new PipelineState("mail", "memory", "", 3, 2, 1, true, 10, "")));
    collected.checks().put("http", new Check());
    overview.ask(0);

    Await.until("pipelines", () -> changes(at(0)).contains("\"name\":\"mail\""));
    Await.until("health", () -> changes(at(0)).contains("[[\"http\",200,\"hangs\"]]"));
    assertThat(changes(at(0))).contains("\"fault\":\"broken: no broker\"");
    overview.stop();
  }

  private static final class Check implements HealthCheck {
    @Override
    public Health live() {
      return Health.UP;
    }

    @Override
    public Health ready() throws Exception {
      throw new java.io.IOException("hangs");
    }
  }

  @Test
  void whoeverHangsIsAskedOnceAndHoldsNobodyUp() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger questions = new AtomicInteger();
    Asked<Integer> asked =
        new Asked<>(
            "test",
            0,
            () -> {
              int number = questions.incrementAndGet();
              try {
                gate.await();
              } catch (InterruptedException e) {
                return -1;
              }
              return number;
            },
            0);
    asked.refresh(1);
    asked.refresh(2);
    assertThat(asked.last()).isZero();
    asked.stop();

    Await.until("it gives up", () -> asked.last() == -1);
    assertThat(questions).hasValue(1);
  }
}

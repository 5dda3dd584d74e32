package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.worker.WorkerSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerMetricsTest {
  /** Lines as a scrape shows them. */
  private static final class Lines implements MetricsSink {
    final List<String> lines = new ArrayList<>();

    @Override
    public void counter(String name, String help, double value, String... labels) {
      throw new AssertionError(name + " is no gauge");
    }

    @Override
    public void gauge(String name, String help, double value, String... labels) {
      assertThat(help).isNotBlank();
      lines.add(name + List.of(labels) + " " + (long) value);
    }

    @Override
    public void histogram(
        String name, String help, double[] bounds, long[] counts, double sum, String... labels) {
      throw new AssertionError(name + " is no gauge");
    }
  }

  @Test
  void showsThePoolUnderUpstreamsNames() {
    Lines seen = new Lines();
    WorkerMetrics.collect(
        List.of(
            worker(11, 1, "ready", 1000),
            worker(12, 2, "working", 200),
            worker(13, 3, "invalid", 30),
            worker(14, 8, "errored", 4)),
        seen);
    assertThat(seen.lines)
        .containsExactlyInAnyOrder(
            "rr_http_total_workers[] 4",
            "rr_http_workers_memory_bytes[] 1234",
            "rr_http_workers_ready[] 1",
            "rr_http_workers_working[] 1",
            "rr_http_workers_invalid[] 2",
            "rr_http_worker_state[state, ready, pid, 11] 0",
            "rr_http_worker_state[state, working, pid, 12] 0",
            "rr_http_worker_state[state, invalid, pid, 13] 0",
            "rr_http_worker_state[state, errored, pid, 14] 0",
            "rr_http_worker_memory_bytes[pid, 11] 1000",
            "rr_http_worker_memory_bytes[pid, 12] 200",
            "rr_http_worker_memory_bytes[pid, 13] 30",
            "rr_http_worker_memory_bytes[pid, 14] 4");
  }

  @Test
  void thePluginOffersThem() throws Exception {
    try (TestServer server = TestServer.start(FakePool.echoingContext())) {
      Lines seen = new Lines();
      server.plugin().collect(seen);
      assertThat(seen.lines).contains("rr_http_total_workers[] 0", "rr_http_workers_ready[] 0");
    }
  }

  private static WorkerSnapshot worker(long pid, int status, String name, long memory) {
    return new WorkerSnapshot(pid, status, 0, 0, memory, 0, "", name);
  }
}

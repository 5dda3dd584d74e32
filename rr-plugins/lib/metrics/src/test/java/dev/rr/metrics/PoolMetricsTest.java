package dev.rr.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.WorkerManager;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.testing.plugin.Scrape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolMetricsTest {
  private record Workers(List<WorkerSnapshot> workers) implements WorkerManager {
    @Override
    public void addWorker() {
      throw new AssertionError("a scrape only looks");
    }

    @Override
    public void removeWorker() {
      throw new AssertionError("a scrape only looks");
    }
  }

  private static Scrape scrape(WorkerSnapshot... workers) {
    return scrape("HTTP", workers);
  }

  private static Scrape scrape(String word, WorkerSnapshot... workers) {
    return Scrape.of(new PoolMetrics("rr_http", word, new Workers(List.of(workers))));
  }

  @Test
  void showsThePoolUnderUpstreamsNames() {
    Scrape seen =
        scrape(
            worker(11, 1, "ready", 1000),
            worker(12, 2, "working", 200),
            worker(13, 3, "invalid", 30),
            worker(14, 8, "errored", 4));
    assertThat(seen.values())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("rr_http_total_workers", 4.0),
                Map.entry("rr_http_workers_memory_bytes", 1234.0),
                Map.entry("rr_http_workers_ready", 1.0),
                Map.entry("rr_http_workers_working", 1.0),
                Map.entry("rr_http_workers_invalid", 2.0),
                Map.entry("rr_http_worker_state{state=\"ready\",pid=\"11\"}", 0.0),
                Map.entry("rr_http_worker_state{state=\"working\",pid=\"12\"}", 0.0),
                Map.entry("rr_http_worker_state{state=\"invalid\",pid=\"13\"}", 0.0),
                Map.entry("rr_http_worker_state{state=\"errored\",pid=\"14\"}", 0.0),
                Map.entry("rr_http_worker_memory_bytes{pid=\"11\"}", 1000.0),
                Map.entry("rr_http_worker_memory_bytes{pid=\"12\"}", 200.0),
                Map.entry("rr_http_worker_memory_bytes{pid=\"13\"}", 30.0),
                Map.entry("rr_http_worker_memory_bytes{pid=\"14\"}", 4.0)));
  }

  @Test
  void showsZerosForAPoolWithoutWorkersInUpstreamsWords() {
    Scrape seen = scrape("");
    assertThat(seen.values()).hasSize(5).containsEntry("rr_http_total_workers", 0.0);
    assertThat(seen.descriptions())
        .containsExactly(
            "gauge rr_http_total_workers: Total number of workers used by the plugin",
            "gauge rr_http_workers_memory_bytes: Memory usage by workers.",
            "gauge rr_http_workers_ready: Workers currently in ready state",
            "gauge rr_http_workers_working: Workers currently in working state",
            "gauge rr_http_workers_invalid: Workers currently in"
                + " invalid,killing,destroyed,errored,inactive states");
  }

  @Test
  void describesWorkersOfAPluginThatUpstreamNames() {
    assertThat(scrape().descriptions())
        .contains(
            "gauge rr_http_total_workers: Total number of workers used by the HTTP plugin",
            "gauge rr_http_workers_memory_bytes: Memory usage by HTTP workers.",
            "gauge rr_http_workers_ready: HTTP workers currently in ready state");
  }

  private static WorkerSnapshot worker(long pid, int status, String name, long memory) {
    return new WorkerSnapshot(pid, status, 0, 0, memory, 0, "", name);
  }
}

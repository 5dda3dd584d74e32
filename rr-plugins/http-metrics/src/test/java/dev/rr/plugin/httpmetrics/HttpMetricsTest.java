package dev.rr.plugin.httpmetrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.metrics.MetricsSink;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpMetricsTest {
  private final HttpMetricsPlugin plugin = new HttpMetricsPlugin();

  /** Values by name and labels. */
  private static final class Scrape implements MetricsSink {
    final Map<String, Double> values = new LinkedHashMap<>();
    final Map<String, long[]> buckets = new LinkedHashMap<>();

    @Override
    public void counter(String name, String help, double value, String... labels) {
      values.put(name + String.join("=", labels), value);
    }

    @Override
    public void gauge(String name, String help, double value, String... labels) {
      values.put(name + String.join("=", labels), value);
    }

    @Override
    public void histogram(
        String name, String help, double[] bounds, long[] counts, double sum, String... labels) {
      assertThat(counts).hasSize(bounds.length + 1);
      values.put(name + "_sum" + String.join("=", labels), sum);
      buckets.put(name + String.join("=", labels), counts);
    }
  }

  private Scrape scrape() {
    Scrape scrape = new Scrape();
    plugin.metrics().collect(scrape);
    return scrape;
  }

  private void request(HttpHandler application) {
    plugin.wrap(application).handle(FakeRequest.get("/"), new FakeResponse());
  }

  @Test
  void countsAndMeasuresByStatus() {
    for (int status : new int[] {200, 200, 404}) {
      request((req, res) -> {
        res.head(status, new HttpHeaders());
        res.end();
      });
    }

    Scrape scrape = scrape();
    assertThat(scrape.values)
        .containsEntry("rr_http_request_totalstatus=200", 2.0)
        .containsEntry("rr_http_request_totalstatus=404", 1.0)
        .containsEntry("rr_http_requests_queue", 0.0)
        .containsEntry("rr_http_no_free_workers_total", 0.0)
        .containsKey("rr_http_uptime_seconds");
    assertThat(scrape.buckets.get("rr_http_request_duration_secondsstatus=200")).contains(2L);
    assertThat(scrape.values.get("rr_http_request_duration_seconds_sumstatus=200")).isPositive();
  }

  @Test
  void countsARequestAsRunningUntilItsAnswerHasEnded() {
    request((req, res) -> {});

    assertThat(scrape().values).containsEntry("rr_http_requests_queue", 1.0);
  }

  @Test
  void countsAnExchangeWithoutAHeadUnderMinusOne() {
    request((req, res) -> res.abort(new IllegalStateException("broken off")));

    assertThat(scrape().values).containsEntry("rr_http_request_totalstatus=-1", 1.0);
  }

  @Test
  void noticesThatNoWorkerWasFree() {
    request((req, res) -> {
      res.head(500, new HttpHeaders().set("No-Workers", "true"));
      res.end();
    });

    assertThat(scrape().values).containsEntry("rr_http_no_free_workers_total", 1.0);
  }
}

package dev.rr.plugin.httpmetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.metrics.MetricsSink;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HttpMetricsTest {
  private final HttpMetricsPlugin plugin = new HttpMetricsPlugin();

  /** Values by name and labels. */
  private static final class Scrape implements MetricsSink {
    final Map<String, Double> values = new LinkedHashMap<>();
    final Map<String, long[]> buckets = new LinkedHashMap<>();
    final List<String> texts = new ArrayList<>();
    double[] bounds = {};

    @Override
    public void counter(String name, String help, double value, String... labels) {
      texts.add("counter " + name + ": " + help);
      values.put(name + String.join("=", labels), value);
    }

    @Override
    public void gauge(String name, String help, double value, String... labels) {
      texts.add("gauge " + name + ": " + help);
      values.put(name + String.join("=", labels), value);
    }

    @Override
    public void histogram(
        String name, String help, double[] bounds, long[] counts, double sum, String... labels) {
      assertThat(counts).hasSize(bounds.length + 1);
      texts.add("histogram " + name + ": " + help);
      this.bounds = bounds.clone();
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

  @Test
  void sortsDurationsIntoUpstreamsBuckets() {
    RequestMetrics metrics = new RequestMetrics();
    long[] millis = {5, 6, 1_000, 60_000, 60_001};
    for (long each : millis) {
      metrics.begun();
      metrics.ended(200, TimeUnit.MILLISECONDS.toNanos(each));
    }
    Scrape scrape = new Scrape();
    metrics.collect(scrape);

    assertThat(scrape.bounds)
        .containsExactly(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60);
    assertThat(scrape.buckets.get("rr_http_request_duration_secondsstatus=200"))
        .containsExactly(1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1);
    assertThat(scrape.values.get("rr_http_request_duration_seconds_sumstatus=200"))
        .isCloseTo(121.012, within(1e-9));
  }

  @Test
  void speaksInUpstreamsWords() {
    request((req, res) -> {
      res.head(200, new HttpHeaders());
      res.end();
    });

    assertThat(scrape().texts)
        .containsExactly(
            "counter rr_http_request_total: Total number of handled http requests after server"
                + " restart.",
            "histogram rr_http_request_duration_seconds: HTTP request duration.",
            "gauge rr_http_requests_queue: Total number of queued requests.",
            "counter rr_http_no_free_workers_total: Total number of NoFreeWorkers occurrences.",
            "counter rr_http_uptime_seconds: Uptime in seconds");
  }

  @Test
  void countsTheFinalStatusOfAnAnswerWithInterimOnes() {
    request((req, res) -> {
      res.interim(103, new HttpHeaders());
      res.head(404, new HttpHeaders());
      res.end();
    });

    assertThat(scrape().values)
        .containsEntry("rr_http_request_totalstatus=404", 1.0)
        .doesNotContainKey("rr_http_request_totalstatus=103");
  }
}

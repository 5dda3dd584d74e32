package dev.rr.plugin.httpmetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import dev.rr.testing.plugin.Scrape;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HttpMetricsTest {
  private static final String DURATIONS_OF_200 = "rr_http_request_duration_seconds{status=\"200\"}";

  private final HttpMetricsPlugin plugin = new HttpMetricsPlugin();

  private Scrape scrape() {
    return Scrape.of(plugin.metrics());
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
    assertThat(scrape.values())
        .containsEntry("rr_http_request_total{status=\"200\"}", 2.0)
        .containsEntry("rr_http_request_total{status=\"404\"}", 1.0)
        .containsEntry("rr_http_requests_queue", 0.0)
        .containsEntry("rr_http_no_free_workers_total", 0.0)
        .containsKey("rr_http_uptime_seconds");
    Scrape.Distribution durations = scrape.distribution(DURATIONS_OF_200);
    assertThat(durations.counts()).contains(2L);
    assertThat(durations.sum()).isPositive();
  }

  @Test
  void countsARequestAsRunningUntilItsAnswerHasEnded() {
    request((req, res) -> {});

    assertThat(scrape().values()).containsEntry("rr_http_requests_queue", 1.0);
  }

  @Test
  void countsAnExchangeWithoutAHeadUnderMinusOne() {
    request((req, res) -> res.abort(new IllegalStateException("broken off")));

    assertThat(scrape().values()).containsEntry("rr_http_request_total{status=\"-1\"}", 1.0);
  }

  @Test
  void noticesThatNoWorkerWasFree() {
    request((req, res) -> {
      res.head(500, new HttpHeaders().set("No-Workers", "true"));
      res.end();
    });

    assertThat(scrape().values()).containsEntry("rr_http_no_free_workers_total", 1.0);
  }

  @Test
  void sortsDurationsIntoUpstreamsBuckets() {
    RequestMetrics metrics = new RequestMetrics();
    long[] millis = {5, 6, 1_000, 60_000, 60_001};
    for (long each : millis) {
      metrics.begun();
      metrics.ended(200, TimeUnit.MILLISECONDS.toNanos(each));
    }
    Scrape.Distribution seen = Scrape.of(metrics).distribution(DURATIONS_OF_200);
    assertThat(seen.bounds())
        .containsExactly(.005, .01, .025, .05, .1, .25, .5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0);
    assertThat(seen.counts())
        .containsExactly(1L, 1L, 0L, 0L, 0L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 1L, 1L);
    assertThat(seen.sum()).isCloseTo(121.012, within(1e-9));
  }

  @Test
  void speaksInUpstreamsWords() {
    request((req, res) -> {
      res.head(200, new HttpHeaders());
      res.end();
    });

    assertThat(scrape().descriptions())
        .containsExactly(
            "histogram rr_http_request_duration_seconds: HTTP request duration.",
            "counter rr_http_request_total: Total number of handled http requests after server"
                + " restart.",
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

    assertThat(scrape().values())
        .containsEntry("rr_http_request_total{status=\"404\"}", 1.0)
        .doesNotContainKey("rr_http_request_total{status=\"103\"}");
  }
}

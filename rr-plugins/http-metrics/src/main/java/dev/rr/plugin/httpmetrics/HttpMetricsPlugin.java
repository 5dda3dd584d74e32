package dev.rr.plugin.httpmetrics;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.Middleware;
import dev.rr.api.metrics.MetricsSource;

/** Measures the requests that pass through it. */
@Plugin("http_metrics")
final class HttpMetricsPlugin implements Middleware {
  private final RequestMetrics metrics = new RequestMetrics();

  /** Where the numbers are read. */
  @Offers
  public MetricsSource metrics() {
    return metrics;
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    return (request, response) -> {
      Measured measured = new Measured(response);
      metrics.begun();
      response.onClose(measured::close);
      next.handle(request, measured);
    };
  }

  /** Notes the status on its way. */
  private final class Measured extends ForwardingResponse {
    private final long began = System.nanoTime();
    private int status = RequestMetrics.NONE;

    Measured(HttpResponse next) {
      super(next);
    }

    @Override
    public void head(int code, HttpHeaders headers) {
      status = code;
      if (headers.get("No-Workers", "").equals("true")) {
        metrics.hadNoFreeWorker();
      }
      super.head(code, headers);
    }

    void close() {
      metrics.ended(status, System.nanoTime() - began);
    }
  }
}

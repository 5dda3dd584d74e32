package dev.rr.plugin.metrics;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.http.AcceptEncoding;
import dev.rr.http.GzipCoding;
import dev.rr.operator.WholeAnswer;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Answers a scrape, on every path and to every method. One is put together at a time, on a virtual
 * thread; what clients have not taken yet is bounded.
 */
final class Exposition implements HttpHandler {
  /** Bytes of answers that are still being sent, beyond which no other is begun. */
  private static final long UNSENT = Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 16);

  private final Supplier<List<MetricSnapshot>> metrics;
  private final ReentrantLock one = new ReentrantLock();
  private final AtomicLong unsent = new AtomicLong();

  Exposition(Supplier<List<MetricSnapshot>> metrics) {
    this.metrics = metrics;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    ExpositionFormat format = ExpositionFormat.of(request.headers().all("Accept"));
    boolean gzip =
        AcceptEncoding.of(request.headers().all("Accept-Encoding"), List.of(new GzipCoding(1)))
                .coding()
            != null;
    request.offload(() -> {
      try {
        ScrapeBody text = scrape(format, gzip);
        request.execute(() -> send(format, gzip, text, request, response));
      } catch (IOException | RuntimeException e) {
        request.execute(() -> response.abort(e));
      }
    });
  }

  private ScrapeBody scrape(ExpositionFormat format, boolean gzip) throws IOException {
    ScrapeBody chunks = new ScrapeBody();
    one.lock();
    try {
      if (unsent.get() <= UNSENT) {
        try (OutputStream out = gzip ? new FastGzip(chunks) : chunks) {
          format.write(metrics.get(), out);
        }
        unsent.addAndGet(chunks.size());
      }
    } finally {
      one.unlock();
    }
    return chunks;
  }

  /** Dashboards are asked for every few seconds; size hardly matters, time does. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 8192);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private void send(
      ExpositionFormat format,
      boolean gzip,
      ScrapeBody text,
      HttpRequest request,
      HttpResponse response) {
    if (text.size() == 0) {
      WholeAnswer.text(
          response,
          503,
          new HttpHeaders().set("Retry-After", "1"),
          "too many scrapes are under way whose clients do not take them");
      return;
    }
    response.onClose(() -> unsent.addAndGet(-text.size()));
    HttpHeaders headers =
        new HttpHeaders()
            .set("Content-Type", format.contentType())
            .set("Content-Length", Long.toString(text.size()));
    if (gzip) {
      headers.set("Content-Encoding", GzipCoding.TOKEN);
    }
    response.head(200, headers);
    if (request.method().equals("HEAD")) {
      response.end();
    } else {
      response.onWritable(() -> text.send(response));
      text.send(response);
    }
  }
}

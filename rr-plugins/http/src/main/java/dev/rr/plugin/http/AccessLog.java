package dev.rr.plugin.http;

import dev.rr.api.http.ForwardingRequest;
import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.HttpText;
import dev.rr.api.http.RequestBody;
import dev.rr.api.log.Log;
import dev.rr.http.Addresses;
import dev.rr.http.Targets;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Logs each request that reaches the workers: what middleware answers by itself is not among them.
 */
final class AccessLog implements HttpHandler {
  private static final DateTimeFormatter TIME_LOCAL =
      DateTimeFormatter.ofPattern("dd/MMM/yy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneId.systemDefault());

  private final HttpHandler next;
  private final Log log;
  private final boolean detailed;

  AccessLog(HttpHandler next, Log log, boolean detailed) {
    this.next = next;
    this.log = log;
    this.detailed = detailed;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    if (!log.enabled(Log.Level.INFO)) {
      next.handle(request, response);
      return;
    }
    Counting counting = new Counting(request, response);
    response.onClose(counting::closed);
    next.handle(
        request.body().length() == 0 ? request : new CountingRequest(request, counting), counting);
  }

  private final class Counting extends ForwardingResponse {
    private final HttpRequest request;
    private final long wall = System.currentTimeMillis();
    private final long begin = System.nanoTime();
    private int status = 200;
    private long written;
    private long read;

    Counting(HttpRequest request, HttpResponse next) {
      super(next);
      this.request = request;
    }

    @Override
    public void head(int code, HttpHeaders headers) {
      status = code;
      next.head(code, headers);
    }

    @Override
    public void abort(Throwable cause) {
      if (!next.committed()) {
        status = 500;
      }
      next.abort(cause);
    }

    @Override
    public void write(ByteBuffer bytes) {
      written += bytes.remaining();
      next.write(bytes);
    }

    @Override
    public void file(Path file, long offset, long length, Runnable after) {
      written += length;
      next.file(file, offset, length, after);
    }

    private void closed() {
      long elapsed = (System.nanoTime() - begin) / 1_000_000;
      Instant start = Instant.ofEpochMilli(wall);
      String remote = remote();
      String url = HttpText.of(Targets.uri(request));
      if (!detailed) {
        log.info(
            "http log",
            "status",
            status,
            "method",
            request.method(),
            "URI",
            HttpText.of(request.target()),
            "URL",
            url,
            "remote_address",
            remote,
            "read_bytes",
            read,
            "write_bytes",
            written,
            "start",
            start,
            "elapsed",
            elapsed);
        return;
      }
      HttpHeaders headers = request.headers();
      log.info(
          "http access log",
          "status",
          status,
          "method",
          request.method(),
          "URI",
          HttpText.of(request.target()),
          "URL",
          url,
          "remote_address",
          remote,
          "query",
          HttpText.of(Targets.rawQuery(request.target())),
          "content_len",
          request.body().length(),
          "host",
          request.host(),
          "user_agent",
          HttpText.of(headers.get("User-Agent", "")),
          "referer",
          HttpText.of(headers.get("Referer", "")),
          "time_local",
          TIME_LOCAL.format(start),
          "request_time",
          start,
          "read_bytes",
          read,
          "write_bytes",
          written,
          "start",
          start,
          "elapsed",
          elapsed);
    }

    /** With the port, unless a middleware has put another address in its place. */
    private String remote() {
      String address = request.remoteAddress();
      if (request.peer() instanceof InetSocketAddress inet
          && address.equals(Addresses.text(inet))) {
        return (address.contains(":") ? "[" + address + "]:" : address + ":") + inet.getPort();
      }
      return address;
    }
  }

  /** Counts what is read of the body. */
  private static final class CountingRequest extends ForwardingRequest implements RequestBody {
    private final Counting counting;

    CountingRequest(HttpRequest next, Counting counting) {
      super(next);
      this.counting = counting;
    }

    @Override
    public RequestBody body() {
      return this;
    }

    @Override
    public long length() {
      return next.body().length();
    }

    @Override
    public void pause() {
      next.body().pause();
    }

    @Override
    public void resume() {
      next.body().resume();
    }

    @Override
    public void read(Reader reader) {
      next.body()
          .read(
              new Reader() {
                @Override
                public void chunk(ByteBuffer bytes) {
                  counting.read += bytes.remaining();
                  reader.chunk(bytes);
                }

                @Override
                public void end(HttpHeaders trailers) {
                  reader.end(trailers);
                }

                @Override
                public void failed(HttpFault fault) {
                  reader.failed(fault);
                }
              });
    }
  }
}

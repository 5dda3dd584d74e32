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

  /** Names and values for a line of the log, in upstream's order. */
  private static final class Fields {
    private final Object[] pairs;
    private int size;

    Fields(int count) {
      pairs = new Object[2 * count];
    }

    Fields add(String name, Object value) {
      pairs[size++] = name;
      pairs[size++] = value;
      return this;
    }
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

    /** On the request's loop, when the client has its answer or has left. */
    private void closed() {
      Instant start = Instant.ofEpochMilli(wall);
      Fields fields = new Fields(detailed ? 16 : 9);
      fields
          .add("status", status)
          .add("method", request.method())
          .add("URI", HttpText.of(request.target()))
          .add("URL", HttpText.of(Targets.uri(request)))
          .add("remote_address", remote());
      if (detailed) {
        details(fields, start);
      }
      fields
          .add("read_bytes", read)
          .add("write_bytes", written)
          .add("start", start)
          .add("elapsed", (System.nanoTime() - begin) / 1_000_000);
      log.info(detailed ? "http access log" : "http log", fields.pairs);
    }

    private void details(Fields fields, Instant start) {
      HttpHeaders headers = request.headers();
      fields
          .add("query", HttpText.of(Targets.rawQuery(request.target())))
          .add("content_len", request.body().length())
          .add("host", request.host())
          .add("user_agent", HttpText.of(headers.get("User-Agent", "")))
          .add("referer", HttpText.of(headers.get("Referer", "")))
          .add("time_local", TIME_LOCAL.format(start))
          .add("request_time", start);
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

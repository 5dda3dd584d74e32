package dev.rr.plugin.http3;

import dev.rr.api.http.HttpChain;
import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.http.RequestBody;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.tls.TestKeys;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listener, what stands behind it and what it needs. */
final class Http3Fixture {
  private Http3Fixture() {}

  /** Makes {@code k.key} and {@code k.crt}. */
  static void makeKey(Path dir) throws Exception {
    TestKeys.make(dir, "k", "EC");
  }

  record Chain(HttpHandler handler, Limits limits, Semaphore places) implements HttpChain {
    Chain(HttpHandler handler, Limits limits) {
      this(handler, limits, new Semaphore(1_000_000));
    }

    @Override
    public MemoryBudget budget() {
      return new MemoryBudget(64 << 20);
    }

    @Override
    public void announce(String value) {}

    @Override
    public boolean enter() {
      return places.tryAcquire();
    }

    @Override
    public void leave() {
      places.release();
    }
  }

  static final class NoLog implements Log {
    @Override
    public boolean enabled(Level level) {
      return true;
    }

    @Override
    public void log(
        Level level, String message, @Nullable Throwable error, @Nullable Object... attributes) {
      if (error != null && level != Level.DEBUG) {
        throw new AssertionError(message, error);
      }
    }
  }

  static Http3Listener listen(Path dir, HttpHandler handler, Duration read) throws Exception {
    Http3Listener listener =
        new Http3Listener(
            new Chain(
                handler, new HttpChain.Limits(read, Duration.ofMinutes(1), Duration.ofMinutes(1))),
            new NoLog());
    listener.show(TestKeys.read(dir, "k"));
    listener.listen(new InetSocketAddress("127.0.0.1", 0));
    return listener;
  }

  static Http3Listener listen(Path dir, HttpHandler handler) throws Exception {
    return listen(dir, handler, Duration.ofMinutes(1));
  }

  static void stop(Http3Listener listener) throws Exception {
    listener.stop(Deadline.after(Duration.ofSeconds(3)));
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with the body, piece by piece, at the client's pace. */
  static void echo(HttpRequest request, HttpResponse response) {
    response.head(200, new HttpHeaders());
    response.onWritable(() -> request.body().resume());
    request
        .body()
        .read(
            new RequestBody.Reader() {
              @Override
              public void chunk(ByteBuffer chunk) {
                response.write(chunk);
                response.flush();
                if (!response.writable()) {
                  request.body().pause();
                }
              }

              @Override
              public void end(HttpHeaders trailers) {
                response.end(trailers);
              }

              @Override
              public void failed(HttpFault fault) {
                response.abort(fault);
              }
            });
  }

  /** What happened to requests, in order. Any thread. */
  static final class Events {
    private final LinkedBlockingQueue<String> list = new LinkedBlockingQueue<>();

    void add(String event) {
      list.add(event);
    }

    /** The next one; gives up after ten seconds. */
    String next() throws InterruptedException {
      return String.valueOf(list.poll(10, TimeUnit.SECONDS));
    }

    boolean none() {
      return list.isEmpty();
    }

    /** Takes the body and answers {@code done} behind it. */
    void take(HttpRequest request, HttpResponse response) {
      response.onClose(() -> add("closed"));
      request
          .body()
          .read(
              new RequestBody.Reader() {
                @Override
                public void chunk(ByteBuffer bytes) {
                  add(StandardCharsets.UTF_8.decode(bytes).toString());
                }

                @Override
                public void end(HttpHeaders trailers) {
                  add("end " + trailers.toString().strip());
                  response.head(200, new HttpHeaders());
                  response.write(Http3Fixture.bytes("done"));
                  response.end();
                }

                @Override
                public void failed(HttpFault fault) {
                  add("failed " + fault.status() + " " + fault.getMessage());
                }
              });
    }
  }
}

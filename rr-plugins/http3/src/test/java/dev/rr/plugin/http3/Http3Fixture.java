package dev.rr.plugin.http3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpChain;
import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listener, what stands behind it and what it needs. */
final class Http3Fixture {
  private Http3Fixture() {}

  /** Makes {@code k.key} and {@code k.crt} with the JDK's own tool. */
  static void makeKey(Path dir) throws Exception {
    Path store = dir.resolve("k.p12");
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-keystore",
                store.toString(),
                "-ext",
                "san=ip:127.0.0.1")
            .redirectErrorStream(true)
            .start();
    assertThat(tool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
    pem(dir, "k.key", "PRIVATE KEY", keys.getKey("k", "secret".toCharArray()).getEncoded());
    pem(dir, "k.crt", "CERTIFICATE", keys.getCertificate("k").getEncoded());
  }

  private static void pem(Path dir, String file, String kind, byte[] der) throws Exception {
    Files.writeString(
        dir.resolve(file),
        "-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END "
            + kind
            + "-----\n");
  }

  record Chain(HttpHandler handler, Limits limits) implements HttpChain {
    @Override
    public void announce(String value) {}
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
    listener.listen(
        new InetSocketAddress("127.0.0.1", 0),
        dir.resolve("k.key").toFile(),
        dir.resolve("k.crt").toFile());
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

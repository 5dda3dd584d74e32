package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.http.HeaderNames;
import dev.rr.plugin.http.fastcgi.FcgiClient;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.worker.FakePool;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FcgiTest {
  private static Map<String, String> params(String method, String uri) {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("REQUEST_METHOD", method);
    map.put("REQUEST_URI", uri);
    map.put("SERVER_PROTOCOL", "HTTP/1.1");
    map.put("HTTP_HOST", "example.com");
    map.put("REMOTE_ADDR", "10.1.2.3");
    map.put("REMOTE_PORT", "4567");
    return map;
  }

  private static TestServer serve(FakePool pool) throws Exception {
    return TestServer.with(pool).fcgi("tcp://127.0.0.1:0").start();
  }

  @Test
  void mapsParametersToARequest() throws Exception {
    try (TestServer server = serve(HttpWorkers.echoingContext());
        FcgiClient client = new FcgiClient(server.connect())) {
      Map<String, String> params = params("POST", "/a%20b?x=1");
      params.put("HTTPS", "on");
      params.put("HTTP_X_REAL_IP", "192.0.2.1");
      params.put("HTTP_TRANSFER_ENCODING", "chunked");
      params.put("CONTENT_TYPE", "text/plain");
      params.put("CONTENT_LENGTH", "2");
      params.put("HTTP_CONTENT_LENGTH", "3");
      params.put("DOCUMENT_ROOT", "/srv");
      String answer =
          client.begin(1, 1, true).params(1, params).stdin(1, "hi").stdin(1, "").answer(1);
      assertThat(answer)
          .startsWith("Status: 200 OK\r\n")
          .contains("\r\nDate: ", "\r\nContent-Length: ", "Content-Type: text/plain; charset=utf-8")
          .contains("\"https://example.com/a%20b?x=1\"", "\"10.1.2.3\"", "\"HTTP/1.1\"")
          .contains("\"X-Real-Ip\":[\"192.0.2.1\"]", "\"Content-Type\":[\"text/plain\"]")
          .contains("\"Content-Length\":[\"2\"]")
          .doesNotContain("Transfer-Encoding", "DOCUMENT_ROOT", "Host\"");
    }
  }

  @Test
  void buildsTheTargetFromItsPartsWithoutRequestUri() throws Exception {
    Map<String, String> params = params("GET", "");
    params.put("SCRIPT_NAME", "/s.php");
    params.put("PATH_INFO", "/p");
    params.put("QUERY_STRING", "q=1");
    params.remove("REMOTE_ADDR");
    try (TestServer server = serve(HttpWorkers.echoingContext());
        FcgiClient client = new FcgiClient(server.connect())) {
      assertThat(client.begin(1, 1, false).params(1, params).stdin(1, "").answer(1))
          .contains("\"http://example.com/s.php/p?q=1\"", "\"remoteAddr\":\"\"");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void tellsTheWebServerWhichParameterIsMissing() throws Exception {
    for (String missing : List.of("REQUEST_METHOD", "SERVER_PROTOCOL")) {
      FakePool pool = HttpWorkers.echoingContext();
      Map<String, String> params = params("GET", "/");
      params.remove(missing);
      try (TestServer server = serve(pool);
          FcgiClient client = new FcgiClient(server.connect())) {
        client.begin(1, 1, false).params(1, params).stdin(1, "");
        FcgiClient.Record record = client.read();
        assertThat(record.type()).isEqualTo(FcgiClient.STDERR);
        assertThat(record.text()).contains(missing);
        assertThat(client.answer(1)).startsWith("Status: 500 Internal Server Error\r\n");
        assertThat(pool.requests()).isEmpty();
      }
    }
  }

  @Test
  void refusesWhatNoWebServerShouldPassOn() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = serve(pool);
        FcgiClient client = new FcgiClient(server.connect())) {
      Map<String, String> injected = params("GET", "/");
      injected.put("HTTP_X_A", "1\r\nX-B: 2");
      assertThat(client.begin(1, 1, true).params(1, injected).answer(1)).startsWith("Status: 400 ");
      Map<String, String> large = params("GET", "/");
      large.put("HTTP_X_A", "a".repeat(HeaderNames.MAX_SIZE));
      assertThat(client.begin(2, 1, true).params(2, large).answer(2)).startsWith("Status: 431 ");
      Map<String, String> size = params("POST", "/");
      size.put("CONTENT_LENGTH", "2");
      client.begin(3, 1, true).params(3, size).stdin(3, "abc");
      assertThat(client.answer(3)).startsWith("Status: 400 ");
      client.begin(4, 1, true).params(4, size).stdin(4, "a").stdin(4, "");
      assertThat(client.answer(4)).startsWith("Status: 400 ");
      Map<String, String> target = params("GET", "x?u=http://evil/");
      assertThat(client.begin(5, 1, true).params(5, target).answer(5)).startsWith("Status: 400 ");
      Map<String, String> tunnel = params("CONNECT", "example.com:443");
      assertThat(client.begin(6, 1, true).params(6, tunnel).answer(6)).startsWith("Status: 501 ");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void runsTheMiddlewareInItsOrder() throws Exception {
    TestServer.Builder builder =
        TestServer.with(HttpWorkers.echoingContext()).fcgi("tcp://127.0.0.1:0");
    for (String name : List.of("first", "second")) {
      builder.middleware(
          name,
          next ->
              (request, response) -> {
                request.headers().add("X-Trace", name);
                next.handle(request, response);
              });
    }
    try (TestServer server = builder.start();
        FcgiClient client = new FcgiClient(server.connect())) {
      client.begin(1, 1, false).params(1, params("GET", "/")).stdin(1, "");
      assertThat(client.answer(1)).contains("\"X-Trace\":[\"first\",\"second\"]");
    }
  }

  @Test
  void limitsBodies() throws Exception {
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingBody())
                .fcgi("127.0.0.1:0")
                .maxRequestSize(1)
                .start();
        FcgiClient client = new FcgiClient(server.connect())) {
      client.begin(1, 1, true).params(1, params("POST", "/"));
      for (int i = 0; i < 40; i++) {
        client.stdin(1, "x".repeat(32 * 1024));
      }
      client.stdin(1, "");
      assertThat(client.answer(1)).startsWith("Status: 413 ").contains("request body too large");
      assertThat(client.begin(2, 1, true).params(2, params("GET", "/")).stdin(2, "").answer(2))
          .startsWith("Status: 200 ");
    }
  }

  @Test
  void answersRequestsOfOneConnectionInTheOrderTheyAreReady() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    FakePool pool =
        new FakePool((request, reply) -> {
          if (request.context().contains("/slow")) {
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
          }
          FakePool.answer(reply, "{\"status\":200}", request.context());
        });
    try (TestServer server = serve(pool);
        FcgiClient client = new FcgiClient(server.connect())) {
      client.begin(1, 1, true).params(1, params("GET", "/slow")).stdin(1, "");
      client.begin(2, 1, true).params(2, params("GET", "/fast")).stdin(2, "");
      assertThat(client.answer(2)).contains("example.com/fast");
      release.countDown();
      assertThat(client.answer(1)).contains("example.com/slow");
      client.begin(1, 1, true).params(1, params("GET", "/again")).stdin(1, "");
      assertThat(client.answer(1)).contains("example.com/again");
    }
  }

  @Test
  void answersManagementRecordsAndUnknownRoles() throws Exception {
    try (TestServer server = serve(HttpWorkers.echoingContext());
        FcgiClient client = new FcgiClient(server.connect())) {
      byte[] names = FcgiClient.pairs(Map.of("FCGI_MPXS_CONNS", "", "OTHER", ""));
      FcgiClient.Record values = client.send(FcgiClient.GET_VALUES, 0, names).read();
      assertThat(values.type()).isEqualTo(FcgiClient.GET_VALUES_RESULT);
      assertThat(values.pairs()).isEqualTo(Map.of("FCGI_MPXS_CONNS", "1"));
      FcgiClient.Record unknown = client.send(77, 0, new byte[3]).read();
      assertThat(unknown.type()).isEqualTo(FcgiClient.UNKNOWN_TYPE);
      assertThat(unknown.content()[0]).isEqualTo((byte) 77);
      FcgiClient.Record role = client.begin(9, 3, true).read();
      assertThat(role.type()).isEqualTo(FcgiClient.END_REQUEST);
      assertThat(role.content()[4]).isEqualTo((byte) FcgiClient.UNKNOWN_ROLE);
      // What belongs to no request is passed over.
      client.stdin(9, "x").send(FcgiClient.ABORT_REQUEST, 12, new byte[0]);
      assertThat(client.begin(9, 1, true).params(9, params("GET", "/")).stdin(9, "").answer(9))
          .startsWith("Status: 200 ");
      client.begin(5, 2, false).read();
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void endsAnAbortedRequestAndTellsItsWorker() throws Exception {
    FakePool pool =
        new FakePool((request, reply) -> {
          // never answers
        });
    try (TestServer server = serve(pool);
        FcgiClient client = new FcgiClient(server.connect())) {
      client.begin(1, 1, true).params(1, params("GET", "/")).stdin(1, "");
      TestServer.await(() -> !pool.requests().isEmpty());
      client.send(FcgiClient.ABORT_REQUEST, 1, new byte[0]);
      assertThat(client.answer(1)).isEmpty();
      TestServer.await(() -> pool.requests().getFirst().canceller().isCancelled());
      client.begin(2, 1, true).send(FcgiClient.ABORT_REQUEST, 2, new byte[0]);
      assertThat(client.answer(2)).isEmpty();
    }
  }

  @Test
  void streamsWithoutInterimHeadsAndTrailers() throws Exception {
    FakePool pool =
        new FakePool((request, reply) -> {
          reply.frame(
              8,
              FakePool.bytes("{\"status\":103,\"headers\":{\"Link\":[\"</a>\"]}}"),
              FakePool.bytes(""),
              0,
              false);
          reply.frame(
              8,
              FakePool.bytes(
                  "{\"status\":200,\"headers\":{\"Trailer\":[\"X-Sum\"],\"X-Sum\":[\"1\"]}}"),
              FakePool.bytes("one "),
              0,
              false);
          reply.frame(0, FakePool.bytes(""), FakePool.bytes("two"), 0, true);
        });
    try (TestServer server = serve(pool);
        FcgiClient client = new FcgiClient(server.connect())) {
      assertThat(client.begin(1, 1, true).params(1, params("GET", "/")).stdin(1, "").answer(1))
          .startsWith("Status: 200 OK\r\n")
          .endsWith("\r\n\r\none two")
          .doesNotContain("X-Sum", "Link");
    }
  }

  @Test
  void carriesLargeBodiesBothWaysWhole() throws Exception {
    byte[] body = new byte[5_000_000];
    new Random(7).nextBytes(body);
    try (TestServer server = serve(HttpWorkers.echoingBody());
        FcgiClient client = new FcgiClient(server.connect())) {
      client.begin(1, 1, true).params(1, params("POST", "/"));
      for (int at = 0; at < body.length; at += 65_535) {
        client.send(
            FcgiClient.STDIN, 1, Arrays.copyOfRange(body, at, Math.min(body.length, at + 65_535)));
      }
      String answer = client.stdin(1, "").answer(1);
      byte[] got =
          answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
      assertThat(got).isEqualTo(body);
    }
  }

  @Test
  void stopsReadingABodyThatNobodyTakes() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingBody())
                .fcgi("127.0.0.1:0")
                .middleware(
                    "mute",
                    next ->
                        (request, response) -> {
                          begun.countDown();
                        })
                .start();
        FcgiClient client = new FcgiClient(server.connect())) {
      client.begin(1, 1, true).params(1, params("POST", "/"));
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      Thread sender =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  for (int i = 0; i < 2000; i++) {
                    client.stdin(1, "x".repeat(64_000));
                  }
                } catch (IOException e) {
                  // closed at the end of the test
                }
              });
      // 128 MB do not fit between the two: the sender has to wait.
      TestServer.await(() -> sender.getState() == Thread.State.RUNNABLE || !sender.isAlive());
      sender.join(1000);
      assertThat(sender.isAlive()).isTrue();
    }
  }

  @Test
  void answersALateBodyWith408AndAnIdleConnectionWithAClose() throws Exception {
    Duration shortly = Duration.ofMillis(200);
    // The client has to be quicker, even where it gets no processor for a while.
    Duration next = Duration.ofMillis(500);
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingBody())
                .fcgi("127.0.0.1:0")
                .timeouts(next, shortly, Duration.ZERO, next)
                .start();
        FcgiClient client = new FcgiClient(server.connect())) {
      client.begin(1, 1, true).params(1, params("POST", "/")).stdin(1, "a");
      assertThat(client.answer(1)).startsWith("Status: 408 ");
      client.begin(2, 1, true);
      assertThat(client.answer(2)).startsWith("Status: 408 ");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void finishesRunningRequestsWhenStopped() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    FakePool pool =
        new FakePool((request, reply) -> {
          assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
          FakePool.answer(reply, "{\"status\":200}", "done");
        });
    TestServer server = serve(pool);
    int port = server.port();
    try (FcgiClient idle = new FcgiClient(server.connect());
        FcgiClient client = new FcgiClient(server.connect())) {
      client.begin(1, 1, true).params(1, params("GET", "/")).stdin(1, "");
      TestServer.await(() -> !pool.requests().isEmpty());
      Thread stopper =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  server.stop(Duration.ofSeconds(20));
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(idle.closed()).isTrue();
      assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
          .isInstanceOf(ConnectException.class);
      release.countDown();
      assertThat(client.answer(1)).endsWith("done");
      assertThat(client.closed()).isTrue();
      stopper.join(20_000);
      assertThat(stopper.isAlive()).isFalse();
    }
  }

  @Test
  void closesAConnectionThatIsNoFastCgi() throws Exception {
    try (TestServer server = serve(HttpWorkers.echoingBody());
        RawClient client = new RawClient(server.connect())) {
      client.send("GET / HTTP/1.1\r\n\r\n");
      assertThat(client.closes()).isTrue();
      TestServer.await(() -> server.log().stream().anyMatch(l -> l.contains("FastCGI version 71")));
    }
  }

  @Test
  void survivesRandomBytesAndGoesOnServing() throws Exception {
    Random random = new Random(42);
    try (TestServer server = serve(HttpWorkers.echoingContext())) {
      for (int round = 0; round < 200; round++) {
        try (FcgiClient client = new FcgiClient(server.connect())) {
          for (int i = 0; i < 8; i++) {
            byte[] content = new byte[random.nextInt(40)];
            random.nextBytes(content);
            client.send(random.nextInt(13), random.nextInt(3), content);
          }
        } catch (IOException e) {
          // closed by the server, as it may
        }
      }
      try (FcgiClient client = new FcgiClient(server.connect())) {
        assertThat(client.begin(1, 1, true).params(1, params("GET", "/")).stdin(1, "").answer(1))
            .startsWith("Status: 200 ");
      }
      assertThat(server.log()).noneMatch(line -> line.contains("internal server error"));
    }
  }
}

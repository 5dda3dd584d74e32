package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpChain;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.Middleware;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.worker.ExecException;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.worker.FakePool;
import java.io.ByteArrayOutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class Http1Test {
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    FakePool pool =
        new FakePool((request, reply) -> {
          if (request.context().contains("/slow")) {
            Thread.sleep(50);
          }
          FakePool.answer(reply, "{\"status\":200}", request.context());
        });
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send(GET.replace(" / ", " /slow ") + GET.replace(" / ", " /fast "));
      assertThat(client.readAnswer()).contains("h/slow\"");
      assertThat(client.readAnswer()).contains("h/fast\"");
    }
  }

  @Test
  void keepsHttp10AliveOnlyWhenAsked() throws Exception {
    try (TestServer server = TestServer.start(FakePool.answering("{\"status\":200}", "x"))) {
      try (RawClient client = new RawClient(server.connect())) {
        client.send("GET / HTTP/1.0\r\n\r\n");
        assertThat(client.readAll()).contains("Connection: close").endsWith("\r\n\r\nx");
      }
      try (RawClient client = new RawClient(server.connect())) {
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertThat(client.readAnswer()).contains("Connection: keep-alive");
        client.send("GET / HTTP/1.0\r\n\r\n");
        assertThat(client.readAll()).endsWith("x");
      }
    }
  }

  @Test
  void answersOptionsStarItself() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 OK").contains("Content-Length: 0");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void goesOnWithAClientThatExpectsToSendNothing() throws Exception {
    String expects = " / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n";
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody());
        RawClient client = new RawClient(server.connect())) {
      client.send("GET" + expects + "\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").doesNotContain("Connection:");
      client.send("POST" + expects + "Content-Length: 0\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").doesNotContain("Connection:");
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void asksForTheBodyOfAnExpectingClient() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody());
        RawClient client = new RawClient(server.connect())) {
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      client.send("ok");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 OK").endsWith("ok");
    }
  }

  @Test
  void readsChunksTrailersAndExtensions() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody());
        RawClient client = new RawClient(server.connect())) {
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n"
              + GET);
      assertThat(client.readAnswer()).endsWith("abcde");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void readsARequestThatComesByteByByte() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody());
        RawClient client = new RawClient(server.connect())) {
      client.socket().setTcpNoDelay(true);
      for (char c : "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc".toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertThat(client.readAnswer()).endsWith("abc");
    }
  }

  @Test
  void refusesABodyOverTheLimitAndKeepsTheOthersWorking() throws Exception {
    FakePool pool = HttpWorkers.echoingBody();
    try (TestServer server = TestServer.with(pool).maxRequestSize(1).start()) {
      try (RawClient client = new RawClient(server.connect())) {
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10485760\r\n\r\n");
        assertThat(client.readAnswer())
            .startsWith("HTTP/1.1 413 ")
            .contains("Connection: close")
            .endsWith("serve_http: http: request body too large\n");
      }
      try (RawClient client = new RawClient(server.connect())) {
        client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        String chunk = "8000\r\n" + "a".repeat(0x8000) + "\r\n";
        for (int i = 0; i < 33; i++) {
          client.send(chunk);
        }
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 413 ");
      }
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void spoolsALargeBodyAndDeletesTheFile() throws Exception {
    AtomicBoolean spooled = new AtomicBoolean();
    Path[] file = new Path[1];
    FakePool pool =
        new FakePool((request, reply) -> {
          if (request.payload().body() instanceof dev.rr.api.worker.Payload.Spooled body) {
            spooled.set(true);
            file[0] = body.path();
          }
          FakePool.answer(reply, "{\"status\":200}", Integer.toString(request.body().length));
        });
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n");
      client.send("b".repeat(3_000_000));
      assertThat(client.readAnswer()).endsWith("3000000");
      assertThat(spooled).isTrue();
      TestServer.await(() -> Files.notExists(file[0]));
    }
  }

  @Test
  void streamsFramesAsChunksWithTrailers() throws Exception {
    FakePool pool =
        new FakePool((request, reply) -> {
          reply.frame(
              8,
              FakePool.bytes(
                  "{\"status\":200,\"headers\":{\"Trailer\":[\"X-Sum,"
                      + " X-None\"],\"X-Sum\":[\"9\"]}}"),
              FakePool.bytes("one"),
              0,
              false);
          reply.frame(8, FakePool.bytes("{\"status\":500}"), FakePool.bytes("two"), 0, false);
          reply.frame(0, FakePool.bytes(""), FakePool.bytes(""), 0, true);
        });
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      String answer = client.readUntil("\r\n0\r\nX-Sum: 9\r\n\r\n");
      assertThat(answer)
          .startsWith("HTTP/1.1 200 OK")
          .contains("Transfer-Encoding: chunked", "3\r\none\r\n", "3\r\ntwo\r\n")
          .doesNotContain("Trailer:");
    }
  }

  @Test
  void passesInterimAnswersOn() throws Exception {
    FakePool pool =
        new FakePool((request, reply) -> {
          reply.frame(
              8,
              FakePool.bytes("{\"status\":103,\"headers\":{\"Link\":[\"</a.css>\"]}}"),
              FakePool.bytes(""),
              0,
              false);
          reply.frame(8, FakePool.bytes("{\"status\":101}"), FakePool.bytes(""), 0, false);
          FakePool.answer(reply, "{\"status\":404,\"headers\":{\"X-M\":[\"p\"]}}", "body");
        });
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      assertThat(client.readUntil("\r\n\r\n"))
          .isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 404 Not Found")
          .contains("X-M: p")
          .doesNotContain("Link")
          .endsWith("body");
    }
  }

  @Test
  void cutsAStreamThatBreaksAndClosesTheConnection() throws Exception {
    FakePool pool =
        new FakePool((request, reply) -> {
          reply.frame(8, FakePool.bytes("{\"status\":200}"), FakePool.bytes("one"), 0, false);
          reply.failed(new ExecException(ExecException.Kind.NETWORK, "died"));
        });
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      assertThat(client.readAll()).contains("3\r\none\r\n").doesNotContain("0\r\n\r\n");
      assertThat(server.log()).anyMatch(l -> l.contains("read stream"));
    }
  }

  @Test
  void holdsTheWorkerBackWhileTheClientDoesNotRead() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    int[] sent = new int[1];
    byte[] chunk = new byte[64 * 1024];
    FakePool pool =
        new FakePool((request, reply) -> {
          for (int i = 0; i < 800; i++) {
            sent[0] = i;
            reply.frame(8, FakePool.bytes("{\"status\":200}"), ByteBuffer.wrap(chunk), 0, false);
          }
          reply.frame(8, FakePool.bytes(""), FakePool.bytes(""), 0, true);
          done.countDown();
        });
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assertThat(done.await(500, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(sent[0]).isLessThan(700);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      client.socket().getInputStream().transferTo(all);
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(all.size()).isGreaterThan(800 * chunk.length);
    }
  }

  @Test
  void callsTheWorkerOffWhenTheClientLeaves() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    FakePool pool =
        new FakePool((request, reply) -> {
          boolean goesOn = true;
          while (goesOn) {
            goesOn =
                reply.frame(
                    8,
                    FakePool.bytes("{\"status\":200}"),
                    ByteBuffer.wrap(new byte[1000]),
                    0,
                    false);
          }
          stopped.countDown();
        });
    try (TestServer server = TestServer.start(pool)) {
      try (RawClient client = new RawClient(server.connect())) {
        client.send(GET);
        assertThat(client.readUntil("\r\n\r\n")).contains("200 OK");
      }
      assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
      TestServer.await(() -> pool.requests().getFirst().canceller().isCancelled());
    }
  }

  @Test
  void answersHeadWithTheLengthOnly() throws Exception {
    try (TestServer server = TestServer.start(FakePool.answering("{\"status\":200}", "hello"));
        RawClient client = new RawClient(server.connect())) {
      client.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assertThat(client.readAll()).contains("Content-Length: 5").endsWith("\r\n\r\n");
    }
  }

  @Test
  void dropsABodyWhereNoneMayBe() throws Exception {
    try (TestServer server = TestServer.start(FakePool.answering("{\"status\":204}", "hello"));
        RawClient client = new RawClient(server.connect())) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assertThat(client.readAll())
          .startsWith("HTTP/1.1 204 No Content")
          .doesNotContain("Content-Length", "hello");
    }
  }

  @Test
  void makesHarmlessWhatAWorkerPutsInHeaders() throws Exception {
    String context =
        "{\"status\":200,\"headers\":{\"X-A\":[\"a\\r\\nX-Evil: 1\"],\"bad name\":[\"x\"],"
            + "\"content-length\":[\"2\"],\"Transfer-Encoding\":[\"chunked\"],\"X-U\":[\"\\u00e4\"]}}";
    try (TestServer server = TestServer.start(FakePool.answering(context, "hello"));
        RawClient client = new RawClient(server.connect())) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      String answer = client.readAll();
      assertThat(answer)
          .contains("X-A: a  X-Evil: 1\r\n", "Content-Length: 5\r\n", "X-U: \u00c3\u00a4\r\n")
          .doesNotContain("bad name", "chunked")
          .endsWith("hello");
      assertThat(server.log()).anyMatch(l -> l.contains("Content-Length is wrong"));
    }
  }

  @Test
  void mapsAnUnknownStatusTo500() throws Exception {
    for (String status : List.of("42", "600", "0")) {
      try (TestServer server =
              TestServer.with(FakePool.answering("{\"status\":" + status + "}", "x"))
                  .internalErrorCode(444)
                  .start();
          RawClient client = new RawClient(server.connect())) {
        client.send(GET);
        assertThat(client.readAnswer())
            .startsWith("HTTP/1.1 500 ")
            .endsWith("unknown status code from worker: " + status + "\n");
      }
    }
  }

  @Test
  void mapsWorkerErrorsToTheConfiguredStatus() throws Exception {
    FakePool.Worker failing =
        (request, reply) ->
            reply.failed(new ExecException(ExecException.Kind.NO_FREE_WORKERS, "boom<script>"));
    try (TestServer server = TestServer.with(new FakePool(failing)).internalErrorCode(444).start();
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 444 ")
          .contains("No-Workers: true", "Content-Length: 0");
    }
    try (TestServer server = TestServer.with(new FakePool(failing)).debug().start();
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 500 ").endsWith("boom&lt;script&gt;");
    }
  }

  @Test
  void mapsAnAnswerThatCannotBeReadToTheConfiguredStatus() throws Exception {
    try (TestServer server = TestServer.start(FakePool.answering("{\"status\":", "x"));
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 500 ");
    }
  }

  @Test
  void stripsPushes() throws Exception {
    try (TestServer server =
            TestServer.start(
                FakePool.answering(
                    "{\"status\":200,\"headers\":{\"Http2-Push\":[\"/a.css\"]}}", "x"));
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      assertThat(client.readAnswer()).doesNotContain("ush", "103").endsWith("x");
    }
  }

  @Test
  void doesNotDeleteAFileThatIsNoSocket(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("precious"), "data");
    assertThatThrownBy(
            () -> TestServer.with(HttpWorkers.echoingContext()).address("unix://" + file).start())
        .hasMessage(
            "http.address: cannot listen on unix://"
                + file
                + ": the file exists and is not a socket");
    assertThat(file).hasContent("data");
  }

  @Test
  void listensOnAUnixSocket(@TempDir Path dir) throws Exception {
    Path socket = dir.resolve("rr.sock");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    try (TestServer server =
        TestServer.with(HttpWorkers.echoingContext()).address("unix://" + socket).start()) {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        channel.write(
            ByteBuffer.wrap(
                GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer in = ByteBuffer.allocate(4096);
        while (channel.read(in) >= 0) {
          // until it closes
        }
        assertThat(new String(in.array(), 0, in.position(), StandardCharsets.US_ASCII))
            .startsWith("HTTP/1.1 200 OK")
            .contains("\"remoteAddr\":\"\"");
      }
      server.stop(Duration.ofSeconds(2));
      assertThat(socket).doesNotExist();
    }
  }

  @Test
  void saysThatAPortIsInUse() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingContext())) {
      String address = "127.0.0.1:" + server.port();
      assertThatThrownBy(
              () -> TestServer.with(HttpWorkers.echoingContext()).address(address).start())
          .hasMessage(
              "http.address: cannot listen on "
                  + address
                  + ": the address is in use by another program");
    }
  }

  @Test
  void answersWhatRunsBeforeItStops() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    FakePool pool =
        new FakePool((request, reply) -> {
          arrived.countDown();
          assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
          FakePool.answer(reply, "{\"status\":200}", "late");
        });
    try (TestServer server = TestServer.start(pool);
        RawClient busy = new RawClient(server.connect())) {
      busy.send(GET);
      assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
      // Loops take connections in turn, and each is told about all of its connections at once. With
      // an idle one on every loop, the last that closes shows that the busy one has been told.
      List<RawClient> idle = new ArrayList<>();
      for (int loop = 0; loop < Runtime.getRuntime().availableProcessors(); loop++) {
        RawClient client = new RawClient(server.connect());
        idle.add(client);
        // One that was not accepted yet would be reset.
        client.send("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
      }
      Thread stopping =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  server.stop(Duration.ofSeconds(20));
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      for (RawClient client : idle) {
        assertThat(client.closes()).isTrue();
        client.close();
      }
      go.countDown();
      assertThat(busy.readAll()).startsWith("HTTP/1.1 200 OK").contains("Connection: close");
      stopping.join(20_000);
      assertThat(stopping.isAlive()).isFalse();
    }
  }

  @Test
  void acceptsNoMoreConnectionsThanAllowed() throws Exception {
    try (TestServer server =
        TestServer.with(FakePool.answering("{\"status\":200}", "x")).maxConnections(1).start()) {
      RawClient second;
      try (RawClient first = new RawClient(server.connect())) {
        first.send(GET);
        assertThat(first.readAnswer()).startsWith("HTTP/1.1 200");
        second = new RawClient(server.connect());
        second.send(GET);
        second.socket().setSoTimeout(200);
        assertThatThrownBy(second::readAnswer).isInstanceOf(java.net.SocketTimeoutException.class);
      }
      second.socket().setSoTimeout(20_000);
      assertThat(second.readAnswer()).startsWith("HTTP/1.1 200");
      second.close();
    }
  }

  @Test
  void connectionsOfOtherTransportsCountAmongThem() throws Exception {
    try (TestServer server =
        TestServer.with(FakePool.answering("{\"status\":200}", "x")).maxConnections(2).start()) {
      HttpChain chain = server.plugin();
      try (RawClient first = new RawClient(server.connect())) {
        first.send(GET);
        assertThat(first.readAnswer()).startsWith("HTTP/1.1 200");
        assertThat(chain.enter()).isTrue();
        assertThat(chain.enter()).isFalse();
      }
      try (RawClient second = new RawClient(server.connect())) {
        second.send(GET);
        assertThat(second.readAnswer()).startsWith("HTTP/1.1 200");
        assertThat(chain.enter()).isFalse();
        chain.leave();
        // The second may have come in before the loop stopped accepting: one above the limit, until
        // the end of the first is seen.
        TestServer.await(chain::enter);
      }
    }
  }

  @Test
  void runsMiddlewareInTheListedOrderOrItsReverse() throws Exception {
    for (HttpConfig.Order order : HttpConfig.Order.values()) {
      try (TestServer server =
              TestServer.with(HttpWorkers.echoingContext())
                  .middleware("first", tracing("first"))
                  .middleware("second", tracing("second"))
                  .order(order)
                  .start();
          RawClient client = new RawClient(server.connect())) {
        client.send(GET);
        boolean listed = order == HttpConfig.Order.FIRST_FIRST;
        assertThat(client.readAnswer())
            .contains(
                listed
                    ? "\"X-Trace\":[\"first\",\"second\"]"
                    : "\"X-Trace\":[\"second\",\"first\"]")
            .contains(
                listed ? "X-Back: first\r\nX-Back: second" : "X-Back: second\r\nX-Back: first");
        assertThat(server.log())
            .anyMatch(l -> l.contains(listed ? "first > second" : "second > first"));
      }
    }
  }

  @Test
  void aMiddlewareThatMakesNoHandlerFailsTheStartAndIsNamed() {
    assertThatThrownBy(() -> with("careless", Http1Test::none).start())
        .hasMessageStartingWith("the middleware 'careless' returned null from wrap()");
    Middleware broken =
        next -> {
          throw new IllegalArgumentException("no key");
        };
    assertThatThrownBy(() -> with("broken", broken).start())
        .hasMessage(
            "the middleware 'broken' failed in wrap(): java.lang.IllegalArgumentException: no key");
  }

  @SuppressWarnings("NullAway") // What others' code may do.
  private static HttpHandler none(HttpHandler next) {
    return null;
  }

  private static TestServer.Builder with(String name, Middleware middleware) {
    return TestServer.with(HttpWorkers.echoingContext()).middleware(name, middleware);
  }

  private static Middleware tracing(String name) {
    return next ->
        (request, response) -> {
          request.headers().add("X-Trace", name);
          next.handle(
              request,
              new ForwardingResponse(response) {
                @Override
                public void head(int status, HttpHeaders headers) {
                  next.head(status, new HttpHeaders().add("X-Back", name).addAll(headers));
                }
              });
        };
  }

  @Test
  void refusesAMiddlewareItDoesNotHaveAndNamesTheArtifact() {
    Catalogue catalogue =
        new Catalogue(
            List.of(
                new Catalogue.Entry(
                    "gzip",
                    "dev.rr:rr-plugin-gzip:1",
                    false,
                    List.of(),
                    List.of(Catalogue.Offer.of(Middleware.class, "gzip")))));
    assertThatThrownBy(() ->
            TestServer.with(HttpWorkers.echoingContext())
                .catalogue(catalogue)
                .names("gzip", "gzpi", "gzip")
                .start())
        .hasMessage(
            """
            http.middleware: 'gzip' is not in this binary; add dev.rr:rr-plugin-gzip:1 to the build
            http.middleware: 'gzpi' is no middleware; there are gzip; did you mean 'gzip'?
            http.middleware: 'gzip' is listed twice; once is enough\
            """);
  }

  @Test
  void refusesToRunWithoutAListener() {
    assertThatThrownBy(() -> TestServer.with(HttpWorkers.echoingContext()).address("").start())
        .hasMessageContaining("no method has been specified")
        .hasMessageContaining("http.address")
        .hasMessageContaining("http.ssl.key");
  }

  @Test
  void answersAFaultyMiddlewareWith500() throws Exception {
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingContext())
                .middleware(
                    "broken",
                    next ->
                        (request, response) -> {
                          throw new IllegalStateException("bug");
                        })
                .start();
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 500 ");
      assertThat(server.log()).anyMatch(l -> l.contains("internal server error"));
    }
  }

  @Test
  void sendsFilesWithoutLosingWhatFollows(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("a.txt"), "0123456789".repeat(50_000));
    CountDownLatch released = new CountDownLatch(1);
    Middleware sending =
        next ->
            (request, response) -> {
              response.head(
                  200, new HttpHeaders().add("Content-Length", "20003").add("Content-Type", "a/b"));
              response.write(FakePool.bytes("abc"));
              response.file(file, 5, 20_000, released::countDown);
              response.end();
            };
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingContext()).middleware("file", sending).start();
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      assertThat(client.readAnswer()).contains("\r\n\r\nabc5678901").endsWith("01234");
      assertThat(released.await(30, TimeUnit.SECONDS)).isTrue();
      client.send(GET);
      assertThat(client.readAnswer()).hasSizeGreaterThan(20_003);
    }
  }

  @Test
  void logsRequests() throws Exception {
    try (TestServer server =
            TestServer.with(FakePool.answering("{\"status\":201}", "hello")).accessLogs().start();
        RawClient client = new RawClient(server.connect())) {
      client.send("GET /a?b=c HTTP/1.1\r\nHost: h\r\nUser-Agent: test\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 201 Created");
      awaitLog(
          server,
          "http access log status=201 method=GET URI=/a?b=c URL=http://h/a?b=c",
          "query=b=c",
          "user_agent=test",
          "write_bytes=5");
    }
  }

  @Test
  void logsUtf8AsText() throws Exception {
    try (TestServer server =
            TestServer.with(FakePool.answering("{\"status\":201}", "hello")).accessLogs().start();
        RawClient client = new RawClient(server.connect())) {
      String head =
          "GET /w\u00f6?q=\u65e5 HTTP/1.1\r\nHost: h\r\nUser-Agent: \u65e5\r\nReferer: \u00fc";
      client.send(
          new String(head.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
              + "\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 201 Created");
      awaitLog(
          server,
          " URI=/w\u00f6?q=\u65e5 URL=http://h/w%C3%B6?q=\u65e5 ",
          " query=q=\u65e5 ",
          " user_agent=\u65e5 referer=\u00fc ");
    }
  }

  /** Waits for a line with all of that: it is written once the client has its answer. */
  private static void awaitLog(TestServer server, String... texts) {
    TestServer.await(
        () -> server.log().stream().anyMatch(l -> List.of(texts).stream().allMatch(l::contains)));
  }
}

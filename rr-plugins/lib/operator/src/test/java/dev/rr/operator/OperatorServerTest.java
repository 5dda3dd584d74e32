package dev.rr.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.AddressForms;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.worker.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorServerTest {
  private static final String GET = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";

  @TempDir Path dir;
  private final List<String> handled = new CopyOnWriteArrayList<>();
  private @Nullable OperatorServer started;

  private OperatorServer start(OperatorLimits limits, HttpHandler handler) throws IOException {
    OperatorServer server =
        OperatorServer.start(
            "rr-test",
            "test.address",
            AddressForms.PORT.parse("127.0.0.1:0"),
            handler,
            limits,
            Log.NONE);
    started = server;
    return server;
  }

  private OperatorServer echo() throws IOException {
    return echo(OperatorLimits.DEFAULT);
  }

  private OperatorServer echo(OperatorLimits limits) throws IOException {
    return start(limits, this::answerWithBody);
  }

  private static OperatorLimits quick(Duration idle, Duration read, Duration write) {
    return new OperatorLimits(64 * 1024, 64 * 1024, 1 << 20, 100, idle, read, write);
  }

  /** Answers with the body of the request, and its target in a header. */
  private void answerWithBody(HttpRequest request, HttpResponse response) {
    handled.add(request.method() + " " + request.target());
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    request
        .body()
        .read(
            new RequestBody.Reader() {
              @Override
              public void chunk(ByteBuffer bytes) {
                while (bytes.hasRemaining()) {
                  body.write(bytes.get());
                }
              }

              @Override
              public void end(HttpHeaders trailers) {
                response.head(200, new HttpHeaders().set("X-Target", request.target()));
                response.write(ByteBuffer.wrap(body.toByteArray()));
                response.end();
              }

              @Override
              public void failed(HttpFault fault) {
                response.abort(fault);
              }
            });
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (started != null) {
      started.stop(Deadline.after(Duration.ofSeconds(5)));
    }
  }

  // What a request may be: the same as for http.

  @ParameterizedTest
  @CsvFileSource(resources = "/dev/rr/testing/http/refused-requests.txt", delimiter = '|')
  void refusesAndCloses(String request, int status) throws Exception {
    try (RawClient client = open(echo())) {
      client.send(request.replace("~", "\r\n")).send(GET);
      String answer = client.readAll();
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Connection: close");
      assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
      assertThat(handled).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/dev/rr/testing/http/accepted-requests.txt", delimiter = '|')
  void readsOneRequestAndTheNext(String request, String body) throws Exception {
    try (RawClient client = open(echo())) {
      client.send(request.replace("~", "\r\n")).send(GET);
      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 200 ")
          .endsWith("\r\n\r\n" + body.replace("~", "\r\n"));
      assertThat(client.readAnswer()).contains("X-Target: /next").endsWith("\r\n\r\n");
      assertThat(handled).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n\n",
        "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n",
        "GET /\u0001 HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n"
            + "Host: h\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "5;a\n"
            + "b\r\n"
            + "hello\r\n"
            + "0\r\n\r\n",
        "POST / HTTP/1.1\r\n"
            + "Host: h\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "5;a\r"
            + "b\r\n"
            + "hello\r\n"
            + "0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\nY: b\r\n\r\n"
      })
  void refusesLineFeedsAndControlsWhereverTheyStand(String request) throws Exception {
    try (RawClient client = open(echo())) {
      String answer = client.send(request).send(GET).readAll();
      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("Connection: close");
      assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
      assertThat(handled).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GARBAGE\r\n", "GET / HTTP/1.1 x\r\n", "GET /\r\n"})
  void refusesWhatBeginsAsNoRequestWithoutWaitingForItsEnd(String line) throws Exception {
    Duration minute = Duration.ofMinutes(1);
    try (RawClient client = open(echo(quick(minute, minute, minute)))) {
      assertThat(client.send(line).readAll()).startsWith("HTTP/1.1 400 ");
    }
  }

  private static RawClient open(OperatorServer server) throws IOException {
    return RawClient.connect(server.address().getPort());
  }

  @Test
  void readsARequestThatArrivesByteByByte() throws Exception {
    try (RawClient client = open(echo())) {
      String request =
          "\r\nPOST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "3\r\nabc\r\n0\r\nX: 1\r\n\r\n";
      for (int i = 0; i < request.length(); i++) {
        client.send(request.substring(i, i + 1));
      }
      assertThat(client.readAnswer()).contains("X-Target: /a").endsWith("\r\n\r\nabc");
    }
  }

  @Test
  void answersManyRequestsSentAtOnceInOrder() throws Exception {
    try (RawClient client = open(echo())) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
      }
      client.send(requests.toString());
      for (int i = 0; i < 200; i++) {
        assertThat(client.readAnswer()).contains("X-Target: /" + i + "\r\n");
      }
    }
  }

  @Test
  void readsNothingBehindAClosingRequest() throws Exception {
    OperatorServer server = echo();
    for (String request :
        List.of(
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n")) {
      try (RawClient client = open(server)) {
        String answer = client.send(request).send(GET).readAll();
        assertThat(answer).matches("(?s)HTTP/1.[01] 200 .*").doesNotContain("/next");
      }
    }
  }

  @Test
  void goesOnWithHttp10WhereTheClientAsksForIt() throws Exception {
    try (RawClient client = open(echo())) {
      client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").send(GET);
      assertThat(client.readAnswer()).contains("X-Target: /a");
      assertThat(client.readAnswer()).contains("X-Target: /next");
    }
  }

  @Test
  void asksForABodyThatWaitsToBeAskedFor() throws Exception {
    try (RawClient client = open(echo())) {
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(client.readAnswer()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(client.send("ab").readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nab");
      client.send("GET /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
      assertThat(client.send(GET).readAnswer()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void boundsHeadsFieldsAndBodies() throws Exception {
    OperatorServer server = echo();
    String head = "POST / HTTP/1.1\r\nHost: h\r\n";
    try (RawClient client = open(server)) {
      String answer = client.send(head + ("X: " + "a".repeat(99) + "\r\n").repeat(700)).readAll();
      assertThat(answer).startsWith("HTTP/1.1 431 ");
    }
    try (RawClient client = open(server)) {
      assertThat(client.send(head + "X: 1\r\n".repeat(1000) + "\r\n").readAll())
          .startsWith("HTTP/1.1 431 ");
    }
    try (RawClient client = open(server)) {
      // Who has sent much that nobody takes gets the answer all the same.
      client.send(head + "Content-Length: 1000000\r\n\r\n" + "x".repeat(1_000_000)).endOutput();
      assertThat(client.readAll()).startsWith("HTTP/1.1 413 ");
    }
    try (RawClient client = open(server)) {
      client.send(head + "Transfer-Encoding: chunked\r\n\r\n" + "ff00\r\n" + "x".repeat(0xff00));
      assertThat(client.send("\r\nff00\r\n").readAll()).startsWith("HTTP/1.1 413 ");
    }
    assertThat(handled).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: h\r\nX: ~",
        "POST / HTTP/1.1\r\nHost: h\r\nX: ~\r\nContent-Length: 3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n~",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nea60\r\n~"
      })
  void boundsWhatAllRequestsUnderWayTakeTogether(String begun) throws Exception {
    Duration minute = Duration.ofMinutes(1);
    OperatorServer server = echo(quick(minute, minute, minute));
    List<RawClient> slow = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      RawClient client = open(server);
      slow.add(client.send(begun.replace("~", "a".repeat(50_000))));
    }
    try (RawClient refused = slow.removeLast()) {
      assertThat(refused.readAll()).startsWith("HTTP/1.1 503 ").contains("Connection: close");
    }
    // Whoever asks for little is served nevertheless, and once the others have left everybody is.
    try (RawClient small = open(server)) {
      assertThat(small.send(GET).readAnswer()).startsWith("HTTP/1.1 200 ");
    }
    for (RawClient client : slow) {
      client.close();
    }
    String large = GET.replace("Host", "X: " + "a".repeat(50_000) + "\r\nHost");
    Await.until("there is room again", () -> answer(server, large).startsWith("HTTP/1.1 200 "));
  }

  private static String answer(OperatorServer server, String request) {
    try (RawClient client = open(server)) {
      return client.send(request).readAnswer();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void requestsOneAfterTheOtherTakeNoMoreThanOne() throws Exception {
    String request =
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n" + "a".repeat(60_000);
    Duration minute = Duration.ofMinutes(1);
    try (RawClient client = open(echo(quick(minute, minute, minute)))) {
      for (int i = 0; i < 40; i++) {
        assertThat(client.send(request).readAnswer()).startsWith("HTTP/1.1 200 ");
      }
    }
  }

  @Test
  void aClientThatLeavesBeforeItsRequestIsCompleteIsNotServed() throws Exception {
    OperatorServer server = echo();
    for (String begun :
        List.of(
            "",
            "\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\n",
            "GET / HT",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhel")) {
      try (RawClient half = open(server)) {
        half.send(begun).endOutput();
        assertThat(half.readAll()).isEmpty();
      }
    }
    assertThat(handled).isEmpty();
  }

  // Slow clients.

  @Test
  void answersARequestThatArrivesTooSlowlyWith408() throws Exception {
    Duration minute = Duration.ofMinutes(1);
    OperatorServer server = echo(quick(minute, Duration.ofMillis(200), minute));
    for (String begun :
        List.of("GET / HT", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhel")) {
      try (RawClient client = open(server)) {
        assertThat(client.send(GET).readAnswer()).contains("/next");
        assertThat(client.send(begun).readAll()).startsWith("HTTP/1.1 408 ");
      }
    }
    assertThat(handled).hasSize(2);
  }

  @Test
  void closesAConnectionWithoutARequest() throws Exception {
    Duration minute = Duration.ofMinutes(1);
    OperatorServer server = echo(quick(Duration.ofMillis(500), minute, minute));
    try (RawClient fresh = open(server);
        RawClient used = open(server)) {
      assertThat(used.send(GET).readAnswer()).contains("/next");
      assertThat(fresh.readAll()).isEmpty();
      assertThat(used.readAll()).isEmpty();
    }
  }

  private Path bigFile() throws IOException {
    Path big = dir.resolve("big");
    try (RandomAccessFile file = new RandomAccessFile(big.toFile(), "rw")) {
      file.setLength(100_000_000);
    }
    return big;
  }

  @Test
  void manySlowReadersHoldNoThreadAndStopNobody() throws Exception {
    Path big = bigFile();
    byte[] much = new byte[20_000_000];
    OperatorServer server =
        start(
            OperatorLimits.DEFAULT,
            (request, response) -> {
              response.head(200, new HttpHeaders());
              switch (request.target()) {
                case "/file" -> response.file(big, 0, 100_000_000, () -> {});
                case "/bytes" -> response.write(ByteBuffer.wrap(much));
                default ->
                    response.write(ByteBuffer.wrap("quick".getBytes(StandardCharsets.UTF_8)));
              }
              response.end();
            });
    int threads = Thread.activeCount();
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        RawClient client = open(server);
        slow.add(client);
        client.send("GET " + (i % 2 == 0 ? "/file" : "/bytes") + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
      }
      try (RawClient good = open(server)) {
        assertThat(good.send(GET).readAnswer()).endsWith("quick");
      }
      assertThat(Thread.activeCount()).isLessThan(threads + 50);
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
  }

  @Test
  void cutsAReaderOffThatTakesNothingAndLetsGoOfItsFile() throws Exception {
    Path big = bigFile();
    AtomicInteger released = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    Duration minute = Duration.ofMinutes(1);
    OperatorServer server =
        start(
            quick(minute, minute, Duration.ofMillis(300)),
            (request, response) -> {
              response.onClose(closed::incrementAndGet);
              response.head(200, new HttpHeaders());
              response.file(big, 0, 100_000_000, released::incrementAndGet);
              response.end();
            });
    try (RawClient stopped = open(server);
        RawClient gone = open(server)) {
      stopped.send(GET);
      gone.send(GET).readUntil("\r\n\r\n");
      gone.close();
      Await.until("both are let go of", () -> released.get() == 2 && closed.get() == 2);
    }
    Await.until("the file is closed", () -> openFiles(big) == 0);
  }

  private static long openFiles(Path file) {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(
              fd -> {
                try {
                  return Files.readSymbolicLink(fd).equals(file);
                } catch (IOException e) {
                  return false;
                }
              })
          .count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void writesOnlyAsFastAsTheClientReads() throws Exception {
    AtomicInteger written = new AtomicInteger();
    byte[] piece = new byte[10_000];
    OperatorServer server =
        start(
            OperatorLimits.DEFAULT,
            (request, response) -> {
              response.head(200, new HttpHeaders());
              Runnable[] more = new Runnable[1];
              more[0] =
                  () -> {
                    while (response.writable() && written.get() < 3_000) {
                      written.incrementAndGet();
                      response.write(ByteBuffer.wrap(piece));
                    }
                    if (written.get() == 3_000) {
                      written.incrementAndGet();
                      response.end();
                    }
                  };
              response.onWritable(more[0]);
              more[0].run();
            });
    try (RawClient client = open(server)) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").readUntil("\r\n\r\n");
      assertThat(written.get()).isLessThan(2_000);
      assertThat(client.readAll()).hasSize(30_000_000);
    }
  }

  // Answers, and the end.

  @Test
  void sendsNoBodyToHeadAndGoesOn() throws Exception {
    try (RawClient client = open(echo())) {
      client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n").send(GET);
      assertThat(client.readUntil("\r\n\r\n")).contains("X-Target: /a");
      assertThat(client.readAnswer()).contains("X-Target: /next");
    }
  }

  @Test
  void anExceptionOfTheHandlerIsAn500() throws Exception {
    OperatorServer server =
        start(
            OperatorLimits.DEFAULT,
            (request, response) -> {
              throw new IllegalStateException("no");
            });
    try (RawClient client = open(server)) {
      assertThat(client.send(GET).readAnswer()).startsWith("HTTP/1.1 500 ").doesNotContain("no\n");
    }
  }

  @Test
  void finishesAnswersAndClosesTheRestWhenItStops() throws Exception {
    Path big = bigFile();
    OperatorServer server =
        start(
            OperatorLimits.DEFAULT,
            (request, response) -> {
              response.head(200, new HttpHeaders());
              response.file(big, 0, 20_000_000, () -> {});
              response.end();
            });
    try (RawClient idle = open(server);
        RawClient busy = open(server)) {
      busy.send(GET).readUntil("\r\n\r\n");
      Thread stopping =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  server.stop(Deadline.after(Duration.ofSeconds(20)));
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(busy.readAll().length()).isGreaterThanOrEqualTo(20_000_000);
      assertThat(idle.readAll()).isEmpty();
      assertThat(stopping.join(Duration.ofSeconds(20))).isTrue();
      server.stop(Deadline.after(Duration.ofSeconds(1)));
    }
    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> open(server));
  }
}

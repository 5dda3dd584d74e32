package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.worker.FakePool;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What workers answer, and what clients see of it. */
@Timeout(60)
class AnswerMappingTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final String LAST = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

  private static String answer(FakePool pool, String request) throws Exception {
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      return client.send(request).readAll();
    }
  }

  @Test
  void headersOfManyValuesStaySeparateAndNothingIsMadeUp() throws Exception {
    String context = "{\"status\":201,\"headers\":{\"X-A\":[\"1\",\"2\"]}}";
    assertThat(answer(FakePool.answering(context, ""), LAST))
        .startsWith("HTTP/1.1 201 Created\r\n")
        .contains("X-A: 1\r\nX-A: 2\r\n", "Content-Length: 0\r\n", "Date: ")
        .doesNotContain("Server:", "Content-Type");
  }

  @Test
  void anAnswerWithoutContextIsA200() throws Exception {
    assertThat(answer(FakePool.answering("", "body"), LAST))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("\r\n\r\nbody");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1}|text/plain; charset=utf-8",
        "<html><body>|text/html; charset=utf-8",
        "%PDF-1.4|application/pdf",
        "GIF89a|image/gif"
      })
  void theTypeIsToldFromTheFirstBytes(String body, String type) throws Exception {
    assertThat(answer(FakePool.answering("{\"status\":200}", body), LAST))
        .contains("Content-Type: " + type + "\r\n");
    String typed = "{\"status\":200,\"headers\":{\"content-type\":[\"a/b\"]}}";
    assertThat(answer(FakePool.answering(typed, body), LAST))
        .contains("Content-Type: a/b\r\n")
        .doesNotContain(type);
    String encoded = "{\"status\":200,\"headers\":{\"Content-Encoding\":[\"x\"]}}";
    assertThat(answer(FakePool.answering(encoded, body), LAST)).doesNotContain("Content-Type");
  }

  @Test
  void listedHeadersMoveBehindTheBody() throws Exception {
    String context =
        "{\"status\":200,\"headers\":{\"Trailer\":[\"X-Checksum,\\tX-Other\",\" X-Third"
            + " \",\"X-None\"],"
            + "\"X-Checksum\":[\"abc\"],\"X-Other\":[\"d\"],\"X-Third\":[\"e\"],\"X-Stays\":[\"f\"],"
            + "\"Content-Length\":[\"11\"]}}";
    String answer = answer(FakePool.answering(context, "checksummed"), LAST);
    String[] parts = answer.split("\r\n\r\n", 2);
    assertThat(parts[0])
        .contains("X-Stays: f", "Transfer-Encoding: chunked")
        .doesNotContain("X-Checksum", "X-Other", "X-Third", "Trailer", "Content-Length");
    assertThat(parts[1])
        .startsWith("b\r\nchecksummed\r\n0\r\n")
        .contains("X-Checksum: abc\r\n", "X-Other: d\r\n", "X-Third: e\r\n")
        .doesNotContain("X-None");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding",
        "content-length",
        "Host",
        "Content-Encoding",
        "Content-Range",
        "Set-Cookie",
        "Authorization",
        "Trailer",
        "If-Match",
        "Connection",
      })
  void aTrailerThatNamesWhatMayNotStandBehindABodyIsDroppedWholeAndItsFieldsAreNoHeadersEither(
      String name) throws Exception {
    String context =
        "{\"status\":200,\"headers\":{\"trailer\":[\"X-Sum, %1$s\"],\"X-Sum\":[\"1\"],\"%1$s\":[\"evil\"]}}"
            .formatted(name);
    assertThat(answer(FakePool.answering(context, "hello"), LAST))
        .contains("Content-Length: 5\r\n")
        .endsWith("\r\n\r\nhello")
        .doesNotContain("evil", "X-Sum", "railer:");
  }

  @Test
  void aStreamThatExceedsItsLengthIsCutThereAndTheConnectionWithIt() throws Exception {
    String context = "{\"status\":200,\"headers\":{\"Content-Length\":[\"3\"]}}";
    for (String[] pieces : new String[][] {{"abcd", "ef"}, {"ab", "cdef"}, {"abc", "def"}}) {
      FakePool pool =
          new FakePool((request, reply) -> {
            reply.frame(8, FakePool.bytes(context), FakePool.bytes(pieces[0]), 0, false);
            reply.frame(8, FakePool.bytes(""), FakePool.bytes(pieces[1]), 0, true);
          });
      assertThat(answer(pool, GET))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("Content-Length: 3\r\n")
          .endsWith("\r\n\r\nabc");
    }
  }

  @Test
  void controlCharactersAreLeftOutOfHeaderValues() throws Exception {
    String context =
        "{\"status\":200,\"headers\":{\"X-A\":[\"a\\u000bb\\u001bc\\u007fd\\te\\r\\nX-B: f\"]}}";
    assertThat(answer(FakePool.answering(context, "hello"), LAST))
        .contains("\r\nX-A: abcd\te  X-B: f\r\n");
  }

  @Test
  void interimAnswersKeepTheirHeadersAndLeaveTheFinalOneAlone() throws Exception {
    FakePool pool =
        new FakePool((request, reply) -> {
          for (int status = 100; status <= 103; status++) {
            String context =
                "{\"status\":%1$d,\"headers\":{\"X-%1$d\":[\"%1$d\"]}}".formatted(status);
            reply.frame(8, FakePool.bytes(context), FakePool.bytes(""), 0, false);
          }
          for (int i = 1; i <= 10; i++) {
            // As the package does: the context in the first frame only.
            String context = i == 1 ? "{\"status\":200,\"headers\":{\"X-200\":[\"200\"]}}" : "";
            reply.frame(8, FakePool.bytes(context), FakePool.bytes("line " + i + "\n"), 0, false);
          }
          reply.frame(0, FakePool.bytes(""), FakePool.bytes(""), 0, true);
        });
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      for (int status : new int[] {100, 102, 103}) {
        assertThat(client.readUntil("\r\n\r\n"))
            .startsWith("HTTP/1.1 " + status + " ")
            .endsWith("\r\nX-" + status + ": " + status + "\r\n\r\n")
            .doesNotContain("X-101", "X-" + (status - 1));
      }
      String last = client.readUntil("\r\n0\r\n\r\n");
      assertThat(last)
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("X-200: 200\r\n")
          .doesNotContain("X-100", "X-101", "X-102", "X-103");
      for (int i = 1; i <= 10; i++) {
        assertThat(last).contains("line " + i + "\n");
      }
      assertThat(server.log()).anyMatch(l -> l.contains("101 Switching Protocols"));
      // The connection is as good as before.
      client.send(GET);
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
    }
  }

  @Test
  void aStreamInProtobufThatRepeatsItsHeadersHasThemOnce() throws Exception {
    // status 200; Trailer: T; T: t; A: b
    ByteBuffer context =
        ByteBuffer.wrap(
            HexFormat.of()
                .parseHex(
                    "08c801"
                        + "120e 0a07547261696c6572 1203 0a0154".replace(" ", "")
                        + "1208 0a0154 1203 0a0174".replace(" ", "")
                        + "1208 0a0141 1203 0a0162".replace(" ", "")));
    FakePool pool =
        new FakePool((request, reply) -> {
          for (int i = 0; i < 3; i++) {
            reply.frame(Payload.PROTO, context.duplicate(), FakePool.bytes("part " + i), 0, i == 2);
          }
        });
    String answer = answer(pool, LAST);
    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("part 0", "part 1", "part 2");
    assertThat(answer.split("\r\nA: b\r\n", -1)).hasSize(2);
    assertThat(answer.split("\r\nT: t\r\n", -1)).hasSize(2);
    assertThat(answer).endsWith("0\r\nT: t\r\n\r\n");
  }

  @Test
  void anHttp10ClientGetsAStreamUpToTheClose() throws Exception {
    FakePool pool =
        new FakePool((request, reply) -> {
          reply.frame(8, FakePool.bytes("{\"status\":200}"), FakePool.bytes("one"), 0, false);
          reply.frame(8, FakePool.bytes(""), FakePool.bytes("two"), 0, true);
        });
    assertThat(answer(pool, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
        .contains("Connection: close")
        .doesNotContain("chunked")
        .endsWith("\r\n\r\nonetwo");
  }

  @Test
  void aWorkerThatDiesInItsStreamIsLoggedOnce() throws Exception {
    FakePool pool =
        new FakePool((request, reply) -> {
          reply.frame(8, FakePool.bytes("{\"status\":200}"), FakePool.bytes("line 1"), 0, false);
          reply.failed(new ExecException(ExecException.Kind.NETWORK, "the worker died"));
        });
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      assertThat(client.send(GET).readAll()).startsWith("HTTP/1.1 200 ").contains("line 1");
      assertThat(server.log()).filteredOn(l -> l.contains("read stream")).hasSize(1);
    }
  }

  @Test
  void aClientThatDoesNotReadItsAnswerIsLetGo() throws Exception {
    byte[] large = new byte[64 * 1024];
    FakePool pool =
        new FakePool((request, reply) -> {
          boolean goesOn = true;
          while (goesOn) {
            goesOn =
                reply.frame(
                    8, FakePool.bytes("{\"status\":200}"), ByteBuffer.wrap(large), 0, false);
          }
        });
    Duration quick = Duration.ofMillis(300);
    Duration slow = Duration.ofMinutes(1);
    try (TestServer server = TestServer.with(pool).timeouts(slow, slow, quick, slow).start();
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      TestServer.await(
          () -> !pool.requests().isEmpty() && pool.requests().getFirst().canceller().isCancelled());
    }
  }
}

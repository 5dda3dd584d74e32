package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.worker.FakePool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask for more than they read. */
@Timeout(120)
class BackpressureTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final int MEGABYTE = 1024 * 1024;

  @TempDir Path dir;
  private Path file = Path.of("");

  /** The most descriptors of the file that were open at once. */
  private final AtomicLong most = new AtomicLong();

  @BeforeEach
  void makeFile() throws IOException {
    file = dir.resolve("file");
    try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
      made.setLength(64L * MEGABYTE);
    }
  }

  private long open() {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(this::isFile).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isFile(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException e) {
      // Closed since it was listed.
      return false;
    }
  }

  /** Answers with that many parts of the file. */
  private HttpHandler parts(int count, long length) {
    return (request, response) -> {
      most.accumulateAndGet(open(), Math::max);
      response.head(200, new HttpHeaders().add("Content-Type", "a/b"));
      for (int i = 0; i < count; i++) {
        response.file(file, i, length, () -> most.accumulateAndGet(open(), Math::max));
      }
      response.end();
    };
  }

  @Test
  void pipelinedRequestsForAFileOpenItOneAfterTheOther() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server =
            TestServer.with(pool).middleware("parts", next -> parts(1, MEGABYTE)).start();
        RawClient client = new RawClient(server.connect())) {
      client.send(GET.repeat(100));
      for (int i = 0; i < 100; i++) {
        client.readUntil("\r\n\r\n");
        assertThat(client.skip(chunked(MEGABYTE))).isTrue();
      }
    }
    assertThat(most.get()).isLessThanOrEqualTo(2);
  }

  /** Bytes of a body in one chunk, with its end. */
  private static long chunked(long length) {
    return Long.toHexString(length).length() + 2 + length + 2 + 5;
  }

  @Test
  void thePartsOfAnAnswerOpenTheirFileOneAfterTheOther() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server =
            TestServer.with(pool).middleware("parts", next -> parts(64, MEGABYTE)).start();
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      client.readUntil("\r\n\r\n");
      assertThat(client.skip(64 * (chunked(MEGABYTE) - 5) + 5)).isTrue();
    }
    assertThat(most.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void aClientThatReadsNothingOfAFileIsLetGo() throws Exception {
    Duration quick = Duration.ofMillis(300);
    Duration slow = Duration.ofMinutes(1);
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingContext())
                .timeouts(slow, slow, quick, slow)
                .middleware("parts", next -> parts(1, 64L * MEGABYTE))
                .start();
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      client.readUntil("\r\n\r\n");
      TestServer.await(() -> server.log().stream().anyMatch(l -> l.contains("does not read")));
      TestServer.await(() -> open() == 0);
    }
  }

  @Test
  void theNextRequestWaitsUntilTheAnswersBeforeAreRead() throws Exception {
    String body = "x".repeat(60_000);
    AtomicInteger early = new AtomicInteger();
    try (TestServer server =
            TestServer.with(FakePool.answering("{\"status\":200}", body))
                .middleware(
                    "watch",
                    next ->
                        (request, response) -> {
                          early.addAndGet(response.writable() ? 0 : 1);
                          next.handle(request, response);
                        })
                .start();
        RawClient client = new RawClient(server.connect())) {
      client.send(GET.repeat(2000));
      for (int i = 0; i < 2000; i++) {
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
      }
    }
    assertThat(early).hasValue(0);
  }

  @Test
  void aLongHeadBehindAnUnreadAnswerIsReadOn() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server =
            TestServer.with(pool)
                .middleware(
                    "parts",
                    next ->
                        (request, response) ->
                            (request.target().equals("/") ? parts(1, 64L * MEGABYTE) : next)
                                .handle(request, response))
                .start();
        RawClient client = new RawClient(server.connect())) {
      String head = "GET /next HTTP/1.1\r\nHost: h\r\nX-Fill: " + "a".repeat(200_000) + "\r\n\r\n";
      client.send(GET + head.substring(0, 100_000));
      client.readUntil("\r\n\r\n");
      assertThat(client.skip(chunked(64L * MEGABYTE))).isTrue();
      client.send(head.substring(100_000));
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").contains("http://h/next");
    }
  }
}

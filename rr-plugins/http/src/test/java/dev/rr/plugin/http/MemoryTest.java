package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.http.RawClient;
import dev.rr.testing.worker.FakePool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What waits is bounded in bytes, all of it together; what finds no room is told so. */
@Timeout(60)
final class MemoryTest {
  private static final String TEMP = "java.io.tmpdir";
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  @TempDir Path folder;
  private final String temp = System.getProperty(TEMP);
  private final CountDownLatch free = new CountDownLatch(1);
  private final List<AutoCloseable> open = new ArrayList<>();

  /** Workers that answer once they are told to. */
  private final FakePool pool =
      new FakePool((request, reply) -> {
        assertThat(free.await(30, TimeUnit.SECONDS)).isTrue();
        FakePool.answer(reply, "{\"status\":200,\"headers\":{}}", request.text());
      });

  @BeforeEach
  void spoolHere() {
    System.setProperty(TEMP, folder.toString());
  }

  @AfterEach
  void close() throws Exception {
    System.setProperty(TEMP, temp);
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private RawClient send(TestServer server, String request) throws Exception {
    RawClient client = new RawClient(server.connect());
    open.add(client);
    return client.send(request);
  }

  private static String large(int bytes) {
    return "GET / HTTP/1.1\r\nHost: h\r\nX-Large: " + "x".repeat(bytes) + "\r\n\r\n";
  }

  private static String post(String type, String body) {
    return "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: "
        + type
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private void isGivenBack(TestServer server) throws InterruptedException {
    TestServer.await(() -> server.plugin().budget().taken() == 0);
  }

  @Test
  void requestsBeyondTheBudgetAreToldToComeBackWhileOthersAreServed() throws Exception {
    try (TestServer server = TestServer.with(pool).budget(400_000).start()) {
      List<RawClient> waiting = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        int count = i;
        waiting.add(send(server, large(90_000)));
        TestServer.await(() -> pool.requests().size() == count);
      }
      assertThat(send(server, large(90_000)).readAnswer())
          .startsWith("HTTP/1.1 503 ")
          .contains("\r\nRetry-After: 1\r\n")
          .endsWith("\r\n\r\nserve_http: too many requests wait\n");
      waiting.add(send(server, GET));
      free.countDown();
      for (RawClient client : waiting) {
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
      }
      isGivenBack(server);
      assertThat(server.log())
          .filteredOn(line -> line.startsWith("ERROR requests are refused"))
          .singleElement()
          .asString()
          .endsWith(" limit=400000");
    }
  }

  @Test
  void fewLargeHeadsMayStandInLineBeforeOthers() throws Exception {
    try (TestServer server = TestServer.with(pool).budget(64 << 20).start()) {
      List<RawClient> waiting = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        int count = i;
        waiting.add(send(server, large(900_000)));
        TestServer.await(() -> pool.requests().size() == count);
      }
      assertThat(send(server, large(900_000)).readAnswer()).startsWith("HTTP/1.1 503 ");
      waiting.add(send(server, GET));
      free.countDown();
      for (RawClient client : waiting) {
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
      }
      isGivenBack(server);
      assertThat(send(server, large(900_000)).readAnswer()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void smallRequestsFindRoomWhenOthersHoldAllThereIs() throws Exception {
    free.countDown();
    try (TestServer server = TestServer.with(pool).budget(400_000).start()) {
      server.plugin().budget().add(400_000);
      assertThat(send(server, GET).readAnswer()).startsWith("HTTP/1.1 200 ");
      assertThat(send(server, large(20_000)).readAnswer()).startsWith("HTTP/1.1 503 ");
      server.plugin().budget().give(400_000);
      isGivenBack(server);
    }
  }

  @Test
  void whatAClientHeldThatLeftIsGivenBack() throws Exception {
    try (TestServer server = TestServer.with(pool).budget(400_000).start()) {
      send(server, large(90_000));
      send(server, post("text/plain", "x".repeat(50_000)).substring(0, 30_000));
      TestServer.await(() -> server.plugin().budget().taken() > 110_000);
      open.removeFirst().close();
      open.removeFirst().close();
      isGivenBack(server);
    }
  }

  @Test
  void aBodyThatFindsNoRoomGoesToDisk() throws Exception {
    try (TestServer server = TestServer.with(pool).budget(400_000).start()) {
      String body = "x".repeat(250_000);
      List<RawClient> clients = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        int count = i;
        clients.add(send(server, post("text/plain", body)));
        TestServer.await(() -> pool.requests().size() == count);
      }
      assertThat(files()).isPositive();
      free.countDown();
      for (RawClient client : clients) {
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith(body);
      }
      isGivenBack(server);
      TestServer.await(() -> files() == 0);
    }
  }

  @Test
  void aFormThatFindsNoRoomIsRefused() throws Exception {
    free.countDown();
    try (TestServer server = TestServer.with(pool).budget(400_000).start()) {
      String type = "application/x-www-form-urlencoded";
      String form = post(type, "a=" + "x".repeat(90_000));
      server.plugin().budget().add(200_000);
      assertThat(send(server, form).readAnswer()).startsWith("HTTP/1.1 503 ");
      server.plugin().budget().give(200_000);
      assertThat(send(server, form).readAnswer()).startsWith("HTTP/1.1 200 ");
      assertThat(send(server, post(type, "a=" + "x".repeat(160_000))).readAnswer())
          .as("which never finds room")
          .startsWith("HTTP/1.1 413 ");
      isGivenBack(server);
    }
  }

  private long files() {
    try (var all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().startsWith("rr-")).count();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

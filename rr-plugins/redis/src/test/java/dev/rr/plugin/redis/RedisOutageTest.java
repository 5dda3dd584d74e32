package dev.rr.plugin.redis;

import static dev.rr.plugin.redis.TestRedis.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvStore;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class RedisOutageTest {
  @TempDir Path folder;
  private int port;
  private TestRedis redis;

  @BeforeEach
  void setUp() throws Exception {
    port = TestServer.freePort();
    redis = new TestRedis(folder);
  }

  @AfterEach
  void close() throws Exception {
    redis.close();
  }

  @Test
  void aServerThatIsNotThereAtTheStartIsUsedOnceItIs() throws Exception {
    KvStore store = redis.open(port);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> store.set(List.of(item("a", "1"))))
          .hasMessageStartingWith("redis_driver_set: redis at 127.0.0.1:" + port + ": ")
          .hasMessageContaining("Connection refused");
    }
    try (TestServer server = TestRedis.server(folder, port)) {
      store.set(List.of(item("a", "1")));
      assertThat(store.has(List.of("a"))).containsExactly("a");
      assertThat(redis.log.with("WARN redis cannot be reached")).hasSize(1);
      assertThat(redis.log.with("INFO redis is back")).hasSize(1);
    }
  }

  @Test
  void aServerThatGoesAndComesBackIsOneOutage() throws Exception {
    KvStore store = redis.open(port);
    try (TestServer server = TestRedis.server(folder, port)) {
      store.set(List.of(item("a", "1")));
      server.kill();
    }
    Await.until("the warning", () -> !redis.log.with("WARN redis cannot be reached").isEmpty());
    assertThatThrownBy(() -> store.get(List.of("a"))).isInstanceOf(OperationException.class);
    try (TestServer server = TestRedis.server(folder, port)) {
      assertThat(store.get(List.of("a"))).isEmpty();
      store.set(List.of(item("a", "2")));
      assertThat(store.has(List.of("a"))).containsExactly("a");
    }
    assertThat(redis.log.with("INFO redis is back")).isNotEmpty();
  }

  @Test
  void aCallThatLostItsConnectionIsMadeAgain() throws Exception {
    try (TestServer server = TestRedis.server(folder, port);
        TestProxy proxy = TestProxy.before(port)) {
      KvStore store = redis.open(proxy.port());
      store.set(List.of(item("a", "1")));
      for (int i = 0; i < 5; i++) {
        proxy.cut();
        assertThat(store.has(List.of("a"))).containsExactly("a");
      }
      assertThat(redis.log.with("WARN")).isEmpty();
    }
  }

  @Test
  void aSilentServerIsWaitedForAsLongAsSaidAndThenDialedAgain() throws Exception {
    try (TestServer server = TestRedis.server(folder, port);
        TestProxy proxy = TestProxy.before(port)) {
      KvStore store =
          redis.open(
              Map.of(
                  "addrs",
                  "127.0.0.1:" + proxy.port(),
                  "read_timeout",
                  "300ms",
                  "dial_timeout",
                  "300ms"));
      Await.until("a first answer", () -> sets(store));
      proxy.stall();
      long began = System.nanoTime();
      assertThatThrownBy(() -> store.get(List.of("a")))
          .hasMessage("redis_driver_mget: no answer within 300 ms");
      assertThatThrownBy(() -> store.get(List.of("a"))).isInstanceOf(OperationException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
      proxy.resume();
      Await.until("an answer", () -> answers(store));
      assertThat(proxy.accepted()).isGreaterThan(1);
    }
  }

  private static boolean sets(KvStore store) {
    try {
      store.set(List.of(item("a", "1")));
      return true;
    } catch (OperationException | InterruptedException e) {
      return false;
    }
  }

  private static boolean answers(KvStore store) {
    try {
      return !store.has(List.of("a")).isEmpty();
    } catch (OperationException | InterruptedException e) {
      return false;
    }
  }

  @Test
  void garbageIsNoAnswerAndKeepsNobody() throws Exception {
    try (ServerSocket garbage = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> serving =
          threads.submit(() -> {
            while (!garbage.isClosed()) {
              try (Socket client = garbage.accept()) {
                client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                client.getOutputStream().flush();
                client.getInputStream().read();
              } catch (IOException e) {
                // The test is over.
              }
            }
          });
      KvStore store = redis.open(Map.of("addrs", "127.0.0.1:" + port, "dial_timeout", "500ms"));
      assertThatThrownBy(() -> store.get(List.of("a")))
          .isInstanceOf(OperationException.class)
          .hasMessageContaining("redis at 127.0.0.1:" + port);
      garbage.close();
      serving.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void callsBeyondThePoolsSizeWaitAndAreRefused() throws Exception {
    try (TestServer server = TestRedis.server(folder, port);
        TestProxy proxy = TestProxy.before(port)) {
      KvStore store =
          redis.open(
              Map.of(
                  "addrs",
                  "127.0.0.1:" + proxy.port(),
                  "pool_size",
                  2,
                  "pool_timeout",
                  "50ms",
                  "read_timeout",
                  "2s",
                  "max_retries",
                  -1));
      store.set(List.of(item("a", "1")));
      proxy.stall();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          calls.add(threads.submit(() -> store.has(List.of("a"))));
        }
        int refused = 0;
        for (Future<?> call : calls) {
          try {
            call.get();
          } catch (ExecutionException e) {
            refused += String.valueOf(e).contains("redis: connection pool timeout") ? 1 : 0;
          }
        }
        assertThat(refused).isEqualTo(3);
      }
      assertThat(Scrape.of(redis.plugin).values())
          .containsEntry("rr_redis_pool_timeout_total{storage=\"users\"}", 3.0);
    }
  }

  @Test
  void theEndDoesNotWaitForASilentServer() throws Exception {
    try (TestServer server = TestRedis.server(folder, port);
        TestProxy proxy = TestProxy.before(port);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      KvStore store =
          redis.open(Map.of("addrs", "127.0.0.1:" + proxy.port(), "read_timeout", "20s"));
      store.set(List.of(item("a", "1")));
      proxy.stall();
      Future<?> waiting = threads.submit(() -> store.get(List.of("a")));
      Await.until(
          "the call",
          () ->
              Scrape.of(redis.plugin)
                  .values()
                  .entrySet()
                  .contains(Map.entry("rr_redis_pool_conn_idle_current{storage=\"users\"}", 0.0)));
      redis.close();
      assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS))
          .hasMessageContaining("redis_driver_mget");
    }
  }
}

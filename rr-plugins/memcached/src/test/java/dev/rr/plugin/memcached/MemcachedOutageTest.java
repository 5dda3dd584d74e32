package dev.rr.plugin.memcached;

import static dev.rr.plugin.memcached.TestMemcached.item;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvStore;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
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
class MemcachedOutageTest {
  @TempDir Path folder;
  private int port;
  private TestMemcached memcached;

  @BeforeEach
  void setUp() throws Exception {
    port = TestServer.freePort();
    memcached = new TestMemcached(folder);
  }

  @AfterEach
  void close() throws Exception {
    memcached.close();
  }

  @Test
  void aServerThatIsNotThereAtTheStartIsUsedOnceItIs() throws Exception {
    KvStore store = memcached.open(port);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> store.set(List.of(item("a", "1"))))
          .hasMessageStartingWith("memcached_plugin_set: memcached at 127.0.0.1:" + port + ": ")
          .hasMessageContaining("Connection refused");
    }
    try (TestServer server = TestMemcached.server(folder, port)) {
      Await.until("it is used", () -> sets(store));
      assertThat(store.has(List.of("a"))).containsExactly("a");
      server.kill();
    }
    Await.until("the end of it", () -> !sets(store));
    try (TestServer server = TestMemcached.server(folder, port)) {
      Await.until("it is used again", () -> sets(store));
      assertThat(memcached.log.with("INFO memcached is back")).hasSize(2);
      assertThat(memcached.log.with("WARN memcached cannot be reached")).hasSize(2);
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

  @Test
  void oneOfTwoServersMayBeAway() throws Exception {
    try (TestServer server = TestMemcached.server(folder, port)) {
      KvStore store = memcached.open(port, TestServer.freePort());
      int failed = 0;
      for (int i = 0; i < 20; i++) {
        try {
          store.set(List.of(item("key" + i, "x")));
        } catch (OperationException e) {
          failed++;
        }
      }
      assertThat(failed).isBetween(1, 19);
    }
  }

  @Test
  void aCallThatLostItsConnectionIsMadeAgain() throws Exception {
    try (TestServer server = TestMemcached.server(folder, port);
        TestProxy proxy = TestProxy.before(port)) {
      KvStore store = memcached.open(proxy.port());
      store.set(List.of(item("a", "1")));
      for (int i = 0; i < 5; i++) {
        proxy.cut();
        assertThat(store.has(List.of("a"))).containsExactly("a");
      }
      assertThat(memcached.log.with("WARN")).isEmpty();
    }
  }

  @Test
  void aSilentServerIsWaitedForAsLongAsSaidAndThenDialedAgain() throws Exception {
    try (TestServer server = TestMemcached.server(folder, port);
        TestProxy proxy = TestProxy.before(port)) {
      KvStore store =
          memcached.open(Map.of("addr", "127.0.0.1:" + proxy.port(), "timeout", "400ms"));
      Await.until("a first answer", () -> sets(store));
      proxy.stall();
      long began = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> store.get(List.of("a")))
            .hasMessage(
                "memcached_plugin_mget: memcached at 127.0.0.1:"
                    + proxy.port()
                    + ": no answer within 400 ms");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
      proxy.resume();
      Await.until("an answer", () -> sets(store));
      assertThat(proxy.accepted()).isGreaterThan(3);
    }
  }

  @Test
  void garbageIsNoAnswerAndTheConnectionIsGivenUp() throws Exception {
    for (String garbage :
        List.of(
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            "VALUE other 0 3\r\nabc\r\nEND\r\n",
            "VALUE a 0 1000000000000\r\n",
            "VALUE a 0 4294967295\r\n",
            "VALUE a 0 2147483647\r\n",
            "VALUE a 0 1500000000\r\n",
            "VALUE a 0 -1\r\n",
            "VALUE a 0 3\r\nabcdefg\r\n",
            "x".repeat(5000))) {
      try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
          TestMemcached own = new TestMemcached(folder)) {
        Future<?> serving = threads.submit(() -> answer(listener, garbage));
        KvStore store = own.open(Map.of("addr", "127.0.0.1:" + listener.getLocalPort()));
        assertThatThrownBy(() -> store.get(List.of("a")))
            .isInstanceOf(OperationException.class)
            .hasMessageStartingWith("memcached_plugin_mget: memcache: ");
        own.close();
        listener.close();
        serving.get(10, TimeUnit.SECONDS);
      }
    }
  }

  private static void answer(ServerSocket listener, String garbage) {
    while (!listener.isClosed()) {
      try (Socket client = listener.accept()) {
        int unused = client.getInputStream().read(new byte[100]);
        client.getOutputStream().write(garbage.getBytes(UTF_8));
        unused = client.getInputStream().read();
      } catch (IOException e) {
        // The client has gone, or the test is over.
      }
    }
  }

  @Test
  void aServerThatDripsIsNotWaitedForLonger() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> serving = threads.submit(() -> drip(listener));
      KvStore store =
          memcached.open(
              Map.of("addr", "127.0.0.1:" + listener.getLocalPort(), "timeout", "400ms"));
      assertThatThrownBy(() -> store.get(List.of("a")))
          .isInstanceOf(OperationException.class)
          .hasMessageEndingWith(": no answer within 400 ms");
      memcached.close();
      listener.close();
      serving.get(10, TimeUnit.SECONDS);
    }
  }

  /** Announces a value, a byte of which comes more often than anybody gives up. */
  private static void drip(ServerSocket listener) {
    while (!listener.isClosed()) {
      try (Socket client = listener.accept()) {
        int unused = client.getInputStream().read(new byte[100]);
        client.getOutputStream().write("VALUE a 0 1000\r\n".getBytes(UTF_8));
        for (int i = 0; i < 1000; i++) {
          client.getOutputStream().write('x');
          Thread.sleep(20);
        }
      } catch (IOException | InterruptedException e) {
        // The client has gone, or the test is over.
      }
    }
  }

  @Test
  void theEndDoesNotWaitForASilentServer() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> serving = threads.submit(() -> listen(silent, asked));
      KvStore store =
          memcached.open(Map.of("addr", "127.0.0.1:" + silent.getLocalPort(), "timeout", "20s"));
      Future<?> waiting = threads.submit(() -> store.get(List.of("a")));
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      memcached.close();
      assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS))
          .hasMessageContaining("memcached_plugin_mget");
      silent.close();
      serving.get(10, TimeUnit.SECONDS);
    }
  }

  /** Takes one connection, tells that something came over it, and says nothing. */
  private static void listen(ServerSocket listener, CountDownLatch asked) {
    try (Socket client = listener.accept()) {
      int unused = client.getInputStream().read();
      asked.countDown();
      long _ = client.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The client has gone, or the test is over.
    }
  }

  @Test
  void aServerThatIsAwayDoesNotKeepTheOthersFromBeingCleared() throws Exception {
    try (TestServer server = TestMemcached.server(folder, port)) {
      int away = TestServer.freePort();
      KvStore one = memcached.open(port);
      one.set(List.of(item("a", "1")));
      assertThatThrownBy(() -> memcached.open(away, port).clear())
          .hasMessageStartingWith("memcached_plugin_clear: memcached at 127.0.0.1:" + away);
      assertThat(one.has(List.of("a"))).isEmpty();
    }
  }
}

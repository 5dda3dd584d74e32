package dev.rr.plugin.tcp;

import static dev.rr.plugin.tcp.TcpHarness.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.PoolConfig;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TcpLifecycleTest {
  @TempDir Path folder;

  private TcpPlugin plugin(String second) throws Exception {
    return TcpHarness.of(
            folder,
            "{servers: {one: {addr: \"127.0.0.1:0\", tls: {key: server.key, cert: server.crt}},"
                + " two: {addr: \"%s\"}}}".formatted(second),
            TcpHarness.php(folder, PoolConfig.of(1)))
        .plugin;
  }

  @Test
  void bearsEveryOrderOfStartAndStop() throws Exception {
    TestKeys.make(folder, "server", "EC");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LifecycleContract.holds(
          () -> plugin("127.0.0.1:0"),
          // Workers run, files are watched and another port is open by then.
          () -> plugin("127.0.0.1:" + taken.getLocalPort()));
    }
  }

  @Test
  void stoppingWaitsForTheEventUnderWayAndItsAnswer() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    FakePool pool =
        new FakePool((asked, reply) -> {
          if (!asked.text().isEmpty()) {
            begun.countDown();
            answer.await();
          }
          FakePool.answer(reply, asked.text().isEmpty() ? "CONTINUE" : "WRITE", "done\r\n");
        });
    TcpHarness rr = TcpHarness.main(folder, "", pool);
    try (Client busy = rr.connect();
        Client idle = rr.connect();
        Client midway = rr.connect()) {
      busy.send("x\r\n");
      midway.send("no end yet");
      begun.await();
      Await.until(
          "all are told", () -> events(pool).stream().filter("CONNECTED"::equals).count() == 3);
      Thread stopping =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  rr.stop(Duration.ofSeconds(20));
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(idle.isClosed()).isTrue();
      assertThat(midway.isClosed()).isTrue();
      assertThat(pool.managed()).as("workers stay").doesNotContain("stop");
      answer.countDown();
      assertThat(busy.rest()).isEqualTo("done\r\n");
      stopping.join();
      assertThat(events(pool).stream().filter("CLOSE"::equals)).hasSize(3);
      assertThat(pool.managed()).endsWith("stop");
    }
  }

  @Test
  void stoppingDoesNotWaitLongerThanItMay() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    FakePool pool = new FakePool((asked, reply) -> never.await());
    TcpHarness rr = TcpHarness.main(folder, "", pool);
    try (Client client = rr.connect()) {
      Await.until("told", () -> events(pool).equals(List.of("CONNECTED")));
      long before = System.nanoTime();
      rr.stop(Duration.ofMillis(300));
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
      assertThat(client.isClosed()).isTrue();
    }
    never.countDown();
  }
}

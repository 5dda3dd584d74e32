package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.worker.FakePool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpLifecycleTest {
  @TempDir Path folder;

  @Test
  void bearsEveryOrderOfStartAndStop() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      LifecycleContract.holds(
          () -> TestServer.with(workers()).plugin(),
          // Workers run and another port is open by then.
          () -> TestServer.with(workers()).fcgi(address).address("127.0.0.1:0").plugin());
    }
  }

  private Pool workers() throws IOException {
    return PhpWorkers.pool(folder, "plain-worker.php", PoolConfig.of(1));
  }

  @Test
  void stopsItsWorkersThoughStoppingTheListenersWasInterrupted() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    // It never answers, so that there is something to wait for.
    FakePool pool = new FakePool((request, reply) -> asked.countDown());
    TestServer server = TestServer.start(pool);
    try (RawClient client = RawClient.connect(server.port())) {
      client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> server.stop(Duration.ofSeconds(5)))
          .isInstanceOf(InterruptedException.class);
      assertThat(pool.managed()).endsWith("stop");
    }
    server.plugin().stop(Deadline.after(Duration.ofSeconds(5)));
  }
}

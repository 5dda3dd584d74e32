package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.worker.FakePool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
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
    FakePool pool = HttpWorkers.echoingContext();
    TestServer server = TestServer.start(pool);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> server.stop(Duration.ofSeconds(5)))
        .isInstanceOf(InterruptedException.class);
    assertThat(pool.managed()).endsWith("stop");
    server.plugin().stop(Deadline.after(Duration.ofSeconds(5)));
  }
}

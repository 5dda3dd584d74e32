package dev.rr.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException.Kind;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.PoolConfig;
import dev.rr.goridge.RelayListener;
import dev.rr.process.ProcessCommand;
import dev.rr.testing.worker.Answer;
import dev.rr.testing.worker.FakeWorker;
import dev.rr.testing.worker.LeakCheck;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
final class SocketRelayTest {
  @TempDir Path folder;

  @Test
  void servesOverTcp() throws Exception {
    assertServes(new InetSocketAddress("127.0.0.1", 0));
  }

  @Test
  void servesOverAUnixSocket() throws Exception {
    assertServes(UnixDomainSocketAddress.of(folder.resolve("relay.sock")));
  }

  private void assertServes(SocketAddress address) throws Exception {
    try (RelayListener listener = open(address)) {
      WorkerPool pool = pool(listener, PoolConfig.of(2));
      try {
        pool.start();
        byte[] body = new byte[500_000];
        new Random(1).nextBytes(body);
        assertThat(exec(pool, "echo", body).bytes()).isEqualTo(body);
        assertThat(exec(pool, "crash", new byte[0]).failure().kind()).isEqualTo(Kind.NETWORK);
        assertThat(exec(pool, "stream 7", new byte[0]).text()).endsWith("end");
        pool.reset();
        assertThat(exec(pool, "echo", "after".getBytes(UTF_8)).text()).isEqualTo("after");
      } finally {
        pool.stop(Deadline.after(Duration.ofSeconds(5)));
      }
    }
  }

  @Test
  void tellsAWorkerThatEndsWithoutDialling() throws Exception {
    try (RelayListener listener = open(new InetSocketAddress("127.0.0.1", 0))) {
      ProcessCommand silent =
          new ProcessCommand(
              List.of("php", "-n", "-r", "fwrite(STDERR, 'no wish to dial'); exit(3);"),
              System.getenv(),
              folder,
              Optional.empty());
      WorkerPool pool =
          new WorkerPool(
              "silent",
              PoolConfig.of(1),
              () -> new SocketLauncher(silent, listener),
              Log.NONE,
              Log.NONE);
      assertThatThrownBy(pool::start)
          .hasMessageContaining("left before it was ready, exit code 3")
          .hasMessageContaining("no wish to dial");
    }
  }

  private static RelayListener open(SocketAddress address) throws Exception {
    return RelayListener.open(address, Duration.ofSeconds(5), m -> {});
  }

  private WorkerPool pool(RelayListener listener, PoolConfig config, String... arguments)
      throws Exception {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("RR_RELAY", dsn(listener.address()));
    ProcessCommand command =
        new ProcessCommand(
            FakeWorker.command(folder, arguments), environment, folder, Optional.empty());
    return new WorkerPool(
        "socket", config, () -> new SocketLauncher(command, listener), Log.NONE, Log.NONE);
  }

  private static String dsn(SocketAddress address) {
    return address instanceof InetSocketAddress tcp
        ? "tcp://127.0.0.1:" + tcp.getPort()
        : "unix://" + address;
  }

  private static Answer exec(WorkerPool pool, String words, byte[] body) {
    Answer answer = new Answer();
    pool.exec(Payload.of(0, words.getBytes(UTF_8), body), answer);
    return answer;
  }
}

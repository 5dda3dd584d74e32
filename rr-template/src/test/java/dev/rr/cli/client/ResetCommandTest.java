package dev.rr.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.cli.command.CommandRun;
import dev.rr.kernel.EmptyAssembly;
import dev.rr.os.NotifySocket;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ResetCommandTest {
  private static final String STAMP = "\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d ";

  private static List<String> reset(FakeServer server, boolean silent, String... plugins)
      throws InterruptedException {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ResetCommand.reset(
        server.address(),
        List.of(plugins),
        silent,
        new PrintStream(err, true, StandardCharsets.UTF_8));
    return err.toString(StandardCharsets.UTF_8).lines().sorted().toList();
  }

  @Test
  void saysWhatItResets() throws Exception {
    try (FakeServer server = new FakeServer(call -> "true")) {
      List<String> lines = reset(server, false, "http");
      assertThat(lines).hasSize(2);
      assertThat(lines.get(0)).matches(STAMP + "plugin reset: \\[http\\]");
      assertThat(lines.get(1)).matches(STAMP + "resetting plugin: \\[http\\] ");
      assertThat(server.calls).containsExactly("resetter.Reset\"http\"");
    }
  }

  @Test
  void resetsAllAtOnce() throws Exception {
    CyclicBarrier all = new CyclicBarrier(3);
    try (FakeServer server =
        new FakeServer(call -> {
          try {
            all.await(10, TimeUnit.SECONDS);
            return "true";
          } catch (Exception e) {
            return "<one after the other>";
          }
        })) {
      assertThat(reset(server, true, "http", "jobs", "grpc")).isEmpty();
    }
  }

  @Test
  void aFailureIsToldEvenWhenSilent() throws Exception {
    try (FakeServer server = new FakeServer(call -> "<no such plugin: x>")) {
      List<String> lines = reset(server, true, "x");
      assertThat(lines).hasSize(1);
      assertThat(lines.getFirst())
          .matches(STAMP + "failed to reset plugin: \\[x\\]: no such plugin: x");
    }
  }

  @Test
  void systemdIsToldBeforeAndAfter(@TempDir Path folder) throws Exception {
    try (NotifySocket socket = new NotifySocket(folder);
        FakeServer server = new FakeServer(call -> "true")) {
      CommandRun run = new CommandRun(new EmptyAssembly(), folder);
      socket.environment().forEach(run::with);
      assertThat(
              run.run(
                  new ResetCommand(), "http", "-s", "-o", "rpc.listen=" + server.address().dsn()))
          .isZero();
      assertThat(socket.next()).isEqualTo("RELOADING=1");
      assertThat(socket.next()).isEqualTo("READY=1");
      assertThat(server.calls).containsExactly("resetter.Reset\"http\"");
    }
  }
}

package dev.rr.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.ProcessCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrphanTest {
  @TempDir Path folder;

  @Test
  void leavesNoWorkerBehindWhenTheServerIsKilledWhateverTheWorkerDoes() throws Exception {
    String java = ProcessHandle.current().info().command().orElseThrow();
    Process server =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Server.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Long> workers;
    try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
      workers = out.lines().limit(2).map(Long::valueOf).toList();
      assertThat(workers).hasSize(2).allMatch(ProcessCheck::runs);
      server.destroyForcibly().waitFor();
    }
    workers.forEach(ProcessCheck::awaitEnd);
  }

  /** A server of its own, to be killed. */
  static final class Server {
    private Server() {}

    /** Prints the pids of its workers and waits for its end. */
    public static void main(String[] args) throws InterruptedException, IOException {
      PoolFixture pool = new PoolFixture(2, Path.of(args[0])).start();
      // One is busy, and does not look whether its server is there.
      var ignored = pool.exec("hang");
      Await.until(
          "one works",
          () -> pool.pool().workers().stream().anyMatch(w -> w.statusStr().equals("working")));
      pool.pool().workers().forEach(w -> System.out.println(w.pid()));
      var unused = System.in.read();
    }
  }
}

package dev.rr.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.ExecException.Kind;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.PoolConfig;
import dev.rr.goridge.RelayListener;
import dev.rr.process.ProcessCommand;
import dev.rr.testing.worker.Answer;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.PhpPackages;
import dev.rr.testing.worker.PhpWorkerScript;
import dev.rr.testing.worker.RecordingLog;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The real package at the other end. */
@Tag(PhpPackages.TAG)
@ExtendWith(LeakCheck.class)
final class PhpPackageTest {
  @TempDir Path folder;
  private final RecordingLog log = new RecordingLog();

  @BeforeEach
  void findPackages() {
    var unused = PhpPackages.folder();
  }

  @Test
  void worksOnPipes() throws Exception {
    ProcessCommand command = command("pipes");
    WorkerPool pool =
        new WorkerPool("php", PoolConfig.of(1), () -> new PipeLauncher(command), log, log);
    assertWorks(pool);
    assertThat(log.with("printed before the worker begins")).isNotEmpty();
  }

  @Test
  void worksOnAUnixSocket() throws Exception {
    Path file = folder.resolve("relay.sock");
    try (RelayListener listener =
        RelayListener.open(UnixDomainSocketAddress.of(file), Duration.ofSeconds(5), m -> {})) {
      ProcessCommand command = command("unix://" + file);
      assertWorks(
          new WorkerPool(
              "php", PoolConfig.of(1), () -> new SocketLauncher(command, listener), log, Log.NONE));
    }
  }

  private void assertWorks(WorkerPool pool) throws InterruptedException {
    try {
      pool.start();
      Answer answer = exec(pool, "ctx", "body");
      assertThat(answer.text()).isEqualTo("body");
      assertThat(answer.contexts()).containsExactly("ctx");
      assertThat(exec(pool, "big", "x".repeat(300_000)).text()).hasSize(300_000);
      assertThat(exec(pool, "print", "").text()).isEqualTo("fine");
      assertThat(exec(pool, "stream", "").text()).startsWith("0;1;2;").endsWith("11;end");
      ExecException error = exec(pool, "error", "").failure();
      assertThat(error.kind()).isEqualTo(Kind.SOFT_JOB);
      assertThat(error.getMessage()).endsWith("no way");
      assertThat(exec(pool, "stop", "").failure().getMessage()).contains("asked to be stopped");
      assertThat(exec(pool, "ctx", "still").text()).isEqualTo("still");
    } finally {
      pool.stop(Deadline.after(Duration.ofSeconds(5)));
    }
  }

  private static Answer exec(WorkerPool pool, String context, String body) {
    Answer answer = new Answer();
    pool.exec(Payload.of(Payload.JSON, context.getBytes(UTF_8), body.getBytes(UTF_8)), answer);
    return answer;
  }

  private ProcessCommand command(String relay) throws Exception {
    Path script = PhpWorkerScript.put(folder, PhpPackageTest.class, "package-worker.php");
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("RR_RELAY", relay);
    return new ProcessCommand(
        List.of("php", script.toString()), environment, folder, Optional.empty());
  }
}

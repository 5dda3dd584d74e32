package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.FakePool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2's conformance suite, a program of others: all of it has to pass. */
@Timeout(200)
class H2SpecTest {
  private static final Path PROGRAM = Path.of("../../target/test-tools/h2spec");
  private static final String OK = "{\"status\":200,\"headers\":{}}";

  @TempDir static Path dir;

  @BeforeAll
  static void makeKey() throws Exception {
    TestKeys.make(dir, "one", "RSA");
  }

  @Test
  void passesInTheClear() throws Exception {
    try (TestServer server = TestServer.with(FakePool.answering(OK, "hello")).h2c().start()) {
      run(server.port());
    }
  }

  @Test
  void passesOverTls() throws Exception {
    HttpConfig.Ssl ssl =
        new HttpConfig.Ssl(
            "127.0.0.1:0",
            false,
            dir.resolve("one.key").toString(),
            dir.resolve("one.crt").toString(),
            "",
            "");
    try (TestServer server = TestServer.with(FakePool.answering(OK, "hello")).ssl(ssl).start()) {
      run(server.lastPort(), "--tls", "--insecure");
    }
  }

  private static void run(int port, String... more) throws Exception {
    assertThat(PROGRAM).as("h2spec: bin/test-tools builds it").isExecutable();
    List<String> line =
        new ArrayList<>(
            List.of(
                PROGRAM.toAbsolutePath().toString(),
                "--host",
                "127.0.0.1",
                "--port",
                "" + port,
                // Seconds it waits for anything; its own two are too few for a machine at work.
                "--timeout",
                "15"));
    line.addAll(List.of(more));
    Path log = dir.resolve("h2spec-" + port + ".log");
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(150, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(log);
    int failures = said.indexOf("Failures:");
    assertThat(said.substring(failures < 0 ? Math.max(0, said.length() - 500) : failures))
        .contains("145 tests, 145 passed, 0 skipped, 0 failed");
    assertThat(process.exitValue()).isZero();
  }
}

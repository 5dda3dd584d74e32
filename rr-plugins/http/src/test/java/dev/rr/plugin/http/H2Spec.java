package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The conformance suite of others, which is a program: {@code bench/h2spec} fetches and runs it.
 * Its name keeps it out of the tests that always run.
 */
@Timeout(300)
class H2Spec {
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

  private static final String OK = "{\"status\":200,\"headers\":{}}";

  private static void run(int port, String... more) throws Exception {
    String program = System.getProperty("rr.h2spec", "h2spec");
    List<String> line =
        new ArrayList<>(List.of(program, "--host", "127.0.0.1", "--port", "" + port));
    line.addAll(List.of(more));
    Path log = dir.resolve("h2spec-" + port + ".log");
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = java.nio.file.Files.readString(log);
    int failures = said.indexOf("Failures:");
    System.out.println(
        said.substring(failures < 0 ? Math.max(0, said.lastIndexOf("145 tests")) : failures));
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).contains("145 tests, 145 passed, 0 skipped, 0 failed");
  }
}

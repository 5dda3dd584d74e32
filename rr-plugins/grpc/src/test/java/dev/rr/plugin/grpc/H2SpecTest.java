package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.FakePool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * HTTP/2's conformance suite, a program of others. What is known to fail is grpc-java's way, and
 * told in docs/decisions/grpc-transport.md: anything beside it is a fault.
 */
@Timeout(200)
class H2SpecTest {
  private static final Path PROGRAM = Path.of("../../target/test-tools/h2spec");

  private static final List<String> KNOWN =
      List.of(
          // It takes the library's own ping, by which that measures the line, for an answer.
          "2: Sends a RST_STREAM frame on half-closed (remote) stream",
          "5.1: half closed (remote): Sends a HEADERS frame",
          "5.1: closed: Sends a HEADERS frame",
          "5.1.1: Sends stream identifier that is numerically smaller than previous",
          "8.1.2.3: Sends a HEADERS frame with empty \":path\" pseudo-header field",
          "8.1.2.3: Sends a HEADERS frame that omits \":method\" pseudo-header field",
          "8.1.2.3: Sends a HEADERS frame that omits \":scheme\" pseudo-header field",
          "8.1.2.3: Sends a HEADERS frame that omits \":path\" pseudo-header field");

  // Kept, for what nobody keeps forgets its level.
  private static final Logger LIBRARY = Logger.getLogger("io.grpc.netty");

  private static final Pattern SECTION = Pattern.compile("([0-9.]+)\\. .*");

  @TempDir Path folder;

  @Test
  void passesButForWhatTheLibraryDoesItsOwnWay() throws Exception {
    assertThat(PROGRAM).as("h2spec: bin/test-tools builds it").isExecutable();
    try (TestGrpc server =
        new TestGrpc(folder, "", FakePool.answering("{}", "hello"), null).start()) {
      // It tells of each of a thousand broken frames.
      LIBRARY.setLevel(Level.OFF);
      List<String> failures = failures(server.address().getPort());
      assertThat(KNOWN).as("known of %s", failures).containsAll(failures);
    } finally {
      LIBRARY.setLevel(null);
    }
  }

  private List<String> failures(int port) throws Exception {
    Path log = folder.resolve("h2spec.log");
    Process process =
        new ProcessBuilder(
                PROGRAM.toAbsolutePath().toString(),
                "--host",
                "127.0.0.1",
                "--port",
                "" + port,
                // Seconds it waits for anything, and does where nothing comes.
                "--timeout",
                "5")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(150, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    // What came from the server stands there as it came.
    String said = new String(Files.readAllBytes(log), UTF_8);
    assertThat(said).contains("145 tests, ");
    int failures = said.indexOf("Failures:");
    return failures < 0 ? List.of() : failed(said.substring(failures));
  }

  /** The cases below that, each with its section. */
  private static List<String> failed(String said) {
    List<String> failed = new ArrayList<>();
    String section = "";
    for (String line : said.lines().map(String::strip).toList()) {
      Matcher title = SECTION.matcher(line);
      if (title.matches()) {
        section = title.group(1);
      } else if (line.startsWith("×")) {
        failed.add(section + line.substring(line.indexOf(':')));
      }
    }
    return failed;
  }
}

package dev.rr.plugin.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real PHP packages against a running server. They come from {@code RR_PHP_PACKAGES}, which
 * {@code bin/check} sets.
 */
@Timeout(120)
class PhpClientTest {
  @Test
  void theRealPackagesUnderstandEveryAnswer(@TempDir Path folder) throws Exception {
    try (Services services = new Services()) {
      String address = "tcp://127.0.0.1:" + services.server().port();
      assertThat(run(folder, address))
          .containsExactlyElementsOf(
              List.of(
                  "json echo = \"gr\\u00fc\\u00dfe\"",
                  "prefix = \"x\"",
                  "map = {\"a\":[1,null,2.5]}",
                  "null = null",
                  "wrong type ! ServiceException: Error 'json: cannot unmarshal number into Go"
                      + " value of type string' on "
                      + address,
                  "unknown service ! ServiceException: Error 'rpc: can't find service none.Echo' on"
                      + " "
                      + address,
                  "unknown method ! ServiceException: Error 'rpc: can't find method test.None' on "
                      + address,
                  "handler error ! ServiceException: Error 'boom' on " + address,
                  "still here = \"yes\"",
                  "raw large = true",
                  "raw of text ! ServiceException: Error 'unknown Raw payload type' on " + address,
                  "proto = \"0a0174\"",
                  "proto of plain ! ServiceException: Error 'goridge_read_request_body: message"
                      + " type is not a proto' on "
                      + address,
                  "multi = 100",
                  "workers = [[7,1,3,1700000000000000000,4096,0.5,\"\",\"ready\"]]",
                  "no workers = 0",
                  "add = null",
                  "remove = null",
                  "add to none ! ServiceException: Error 'plugin does not support workers"
                      + " management: none' on "
                      + address));
    }
  }

  private static List<String> run(Path folder, String address)
      throws IOException, InterruptedException {
    Path script = folder.resolve("client.php");
    try (var source =
        Objects.requireNonNull(PhpClientTest.class.getResourceAsStream("client.php"))) {
      Files.copy(source, script);
    }
    Path output = folder.resolve("output");
    Process php =
        new ProcessBuilder(
                "php",
                "-d",
                "display_errors=stderr",
                "-d",
                "memory_limit=512M",
                script.toString(),
                packages().resolve("autoload.php").toString(),
                address)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(php.waitFor(60, TimeUnit.SECONDS)).as("PHP ends").isTrue();
      assertThat(php.exitValue()).isZero();
    } finally {
      php.destroyForcibly();
    }
    return Files.readAllLines(output, StandardCharsets.UTF_8);
  }

  private static Path packages() {
    String folder = System.getenv("RR_PHP_PACKAGES");
    if (folder == null) {
      assertThat(System.getenv("CI")).as("RR_PHP_PACKAGES must be set in CI").isNotEqualTo("true");
      Assumptions.abort(
          "RR_PHP_PACKAGES is not set: the real PHP packages did not call the RPC socket");
    }
    return Path.of(Objects.requireNonNull(folder));
  }
}

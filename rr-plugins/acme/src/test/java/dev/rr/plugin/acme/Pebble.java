package dev.rr.plugin.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The test server of Let's Encrypt, as it is, with a DNS server of its own. */
final class Pebble implements AutoCloseable {
  private static final Path PROGRAM = Path.of("../../target/test-tools/pebble");

  private final Path dir;
  private final NameServer names;
  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  final int port = freePort();
  final int httpPort = freePort();
  final int tlsPort = freePort();

  /**
   * Starts it.
   *
   * @param lifetimeSeconds of its certificates
   */
  Pebble(Path dir, int lifetimeSeconds) throws Exception {
    assertThat(PROGRAM).as("pebble: bin/test-tools builds it").isExecutable();
    this.dir = dir;
    this.names = new NameServer();
    run(
        dir,
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=pebble",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        "pebble.key",
        "-out",
        "pebble.crt");
    Files.writeString(
        dir.resolve("pebble.json"),
        """
        {"pebble": {
          "listenAddress": "127.0.0.1:%d", "certificate": "pebble.crt", "privateKey": "pebble.key",
          "httpPort": %d, "tlsPort": %d, "retryAfter": {"authz": 1, "order": 1},
          "domainBlocklist": ["blocked.example"],
          "profiles": {"default": {"description": "-", "validityPeriod": %d}}
        }}
        """
            .formatted(port, httpPort, tlsPort, lifetimeSeconds));
    ProcessBuilder builder =
        new ProcessBuilder(
                PROGRAM.toAbsolutePath().toString(),
                "-config",
                "pebble.json",
                "-dnsserver",
                names.address())
            .directory(dir.toFile())
            .redirectErrorStream(true);
    builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
    // Nothing that was proven is remembered, and one nonce in ten is refused.
    builder.environment().put("PEBBLE_AUTHZREUSE", "0");
    builder.environment().put("PEBBLE_WFE_NONCEREJECT", "10");
    process = builder.start();
    Thread.ofPlatform().name("test-pebble").daemon().start(this::read);
    Await.until(
        "pebble listens: " + lines, () -> lines.stream().anyMatch(l -> l.contains("Listening on")));
  }

  /** What the command says on stdout; its failure fails the test. */
  static String run(Path dir, String... command) throws Exception {
    Path errors = Files.createTempFile("stderr", "");
    Process process =
        new ProcessBuilder(command).directory(dir.toFile()).redirectError(errors.toFile()).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(() -> String.join(" ", command) + errorsOf(errors)).isZero();
    Files.delete(errors);
    return said;
  }

  private static String errorsOf(Path file) {
    try {
      return ": " + Files.readString(file);
    } catch (IOException e) {
      return ": " + e;
    }
  }

  private static int freePort() {
    try {
      return TestServer.freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException ended) {
      lines.add("ended");
    }
  }

  /** Lines of its log that contain a text. */
  List<String> log(String text) {
    return new ArrayList<>(lines.stream().filter(l -> l.contains(text)).toList());
  }

  String directory() {
    return "https://127.0.0.1:" + port + "/dir";
  }

  Path root() {
    return dir.resolve("pebble.crt");
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    names.close();
  }
}

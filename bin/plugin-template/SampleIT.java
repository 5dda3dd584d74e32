package dev.rr.plugin.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs target/rr with this project's .rr.yaml on free ports, and PHP behind it. */
@Timeout(120)
class SampleIT {
  private static final Pattern ADDRESS = Pattern.compile("127[.]0[.]0[.]1:[0-9]+");
  private static final Pattern HTTP = Pattern.compile("http: [{]address: \"([^\"]+)\"");

  @TempDir Path folder;
  private URI uri = URI.create("http://unset");

  @BeforeEach
  void configure() throws IOException {
    Files.copy(Path.of("worker.php"), folder.resolve("worker.php"));
    String yaml =
        ADDRESS
            .matcher(Files.readString(Path.of(".rr.yaml")))
            .replaceAll(any -> "127.0.0.1:" + freePort());
    Files.writeString(folder.resolve(".rr.yaml"), yaml);
    Matcher http = HTTP.matcher(yaml);
    assertThat(http.find()).as(yaml).isTrue();
    uri = URI.create("http://" + http.group(1) + "/");
  }

  private static int freePort() {
    try {
      return TestServer.freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void phpIsServedBesideThePlugin() throws Exception {
    assertThat(said("plugins")).containsPattern("\\bsample\\b.*\\blive\\b");

    File log = folder.resolve("rr.log").toFile();
    Process rr = rr("serve").redirectOutput(log).start();
    try {
      Await.until("PHP's answer", () -> !rr.isAlive() || answer().startsWith("Hello from PHP"));
      assertThat(rr.isAlive()).as(Files.readString(log.toPath())).isTrue();
    } finally {
      rr.destroy();
    }
    assertThat(rr.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(rr.exitValue()).as(Files.readString(log.toPath())).isZero();
  }

  private ProcessBuilder rr(String command) {
    String file = Path.of("target/rr").toAbsolutePath().toString();
    return new ProcessBuilder(file, command).directory(folder.toFile()).redirectErrorStream(true);
  }

  private String said(String command) throws IOException {
    return new String(rr(command).start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Empty while nobody answers. */
  private String answer() {
    try (var in = uri.toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}

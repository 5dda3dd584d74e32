package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeapotTest {
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));

  @TempDir Path folder;

  @Test
  void httpCollectsTheMiddlewareOfThisModule() throws Exception {
    try (RrServer server = serve()) {
      assertThat(server.get("/").headers().firstValue("X-Teapot")).hasValue("GET");
    }
  }

  @Test
  void aThirdPartysPluginRunsBesideIt() throws Exception {
    try (RrServer server = serve()) {
      RrServer.await("the audit", () -> log(server).contains("audited [teapot]"));
    }
  }

  /** Its pom has a property {@code rr.version}, which is rr's. */
  @Test
  void theFileTellsTheVersionOfItsProject() {
    assertThat(ShellCommand.in(folder, System.getProperty("rr.it.file"), "--version").run().out())
        .contains(", version: 1.0.0,");
  }

  @Test
  void theReadmeShowsThisPlugin() throws Exception {
    String source = Files.readString(Path.of("src/main/java/com/example/Teapot.java"));
    assertThat(Files.readString(TOP.resolve("README.md"))).contains(source);
  }

  private RrServer serve() throws Exception {
    Files.copy(TOP.resolve("docs/sample/worker.php"), folder.resolve("worker.php"));
    int port = RrServer.freePort();
    RrServer.configure(
        folder,
        """
        version: "3"
        server: {command: "php worker.php"}
        http:
          address: 127.0.0.1:%d
          middleware: [teapot]
          pool: {num_workers: 1}
        """
            .formatted(port));
    ShellCommand rr =
        ShellCommand.in(folder, System.getProperty("rr.it.file"), "serve", "-c", ".rr.yaml");
    return RrServer.start(rr, port);
  }

  private static String log(RrServer server) {
    try {
      return server.log();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

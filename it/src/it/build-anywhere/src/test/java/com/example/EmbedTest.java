package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application in the file: nothing but that file and PHP serves it. */
class EmbedTest {
  private static final String GOAL =
      "dev.rr:rr-maven-plugin:" + System.getProperty("rr.it.version") + ":";

  @TempDir Path folder;

  @Test
  void aFileWithTheApplicationServesItFromAnEmptyFolder() throws Exception {
    int port = RrServer.freePort();
    Path app = Files.createDirectories(folder.resolve("app"));
    Files.copy(
        Path.of(System.getProperty("rr.it.top")).resolve("docs/sample/worker.php"),
        app.resolve("worker.php"));
    Files.writeString(
        app.resolve(".rr.yaml"),
        """
        version: "3"
        server: {command: "php worker.php"}
        http: {address: "127.0.0.1:%d", pool: {num_workers: 1}}
        """
            .formatted(port));
    Files.writeString(app.resolve("debug.log"), "stays out");
    Path file = embed("rr");
    assertThat(embed("again")).hasSameBinaryContentAs(file);
    assertThat(ShellCommand.in(folder, file.toString(), "--version", "--verbose").run().out())
        .contains("\"application\": {")
        .contains("\"files\": 2");
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path unpacked = folder.resolve("unpacked");
    ShellCommand serve =
        ShellCommand.in(empty, file.toString(), "serve").with("RR_EMBED_DIR", unpacked.toString());
    try (RrServer server = RrServer.start(serve, port)) {
      assertThat(server.get("/a").body()).startsWith("Hello from PHP").contains("GET");
    }
    try (Stream<Path> files = Files.walk(unpacked)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .contains("worker.php", ".rr.yaml")
          .doesNotContain("debug.log");
    }
  }

  @Test
  void aLockInTheApplicationsFolderHolds() throws Exception {
    Files.writeString(folder.resolve("worker.php"), "<?php");
    Files.writeString(
        folder.resolve("rr-build.yaml"),
        """
        plugins: [config, logger]
        output: bin/rr
        embed: .
        """);
    Path console = Files.createDirectories(folder.resolve("bin")).resolve("console");
    Files.writeString(console, "of the application");
    for (String goal : List.of("lock", "verify", "build")) {
      ShellCommand.Result done = MavenCommand.in(folder, GOAL + goal).run();
      assertThat(done.exit()).as(done.text()).isZero();
    }
    assertThat(folder.resolve("rr.lock")).content().contains("\"files\": 3");
  }

  @Test
  void whatNoBuildHasMadeIsNotWrittenOver() throws Exception {
    Path description =
        Files.writeString(
            folder.resolve("rr-build.yaml"), "plugins: [config]\noutput: rr-build.yaml\n");
    ShellCommand.Result refused = MavenCommand.in(folder, GOAL + "build").run();
    assertThat(refused.exit()).isOne();
    assertThat(refused.text())
        .contains(description + ":2: output: " + description + " is there and is no file that");
    assertThat(description).content().startsWith("plugins:");
  }

  @Test
  void aFolderThatIsNoneIsToldByTheNameThatTheUserGaveIt() {
    ShellCommand.Result refused = embed(folder.resolve("rr"), "gone");
    assertThat(refused.exit()).isOne();
    assertThat(refused.text()).contains("rr.app: " + folder.resolve("gone") + " is no folder");
  }

  private Path embed(String name) {
    Path file = folder.resolve(name);
    ShellCommand.Result built = embed(file, "app");
    assertThat(built.exit()).as(built.text()).isZero();
    return file;
  }

  private ShellCommand.Result embed(Path file, String app) {
    return MavenCommand.in(
            folder,
            GOAL + "embed",
            "-Drr.plugins=config,logger,server,http",
            "-Drr.app=" + app,
            "-Drr.appExcludes=*.log",
            "-Drr.output=" + file)
        .run();
  }
}

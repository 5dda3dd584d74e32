package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts, reads, reloads and stops the server as Laravel Octane does. */
class OctaneTest {
  private static final Path CONSOLE = Path.of("src/test/php/octane.php").toAbsolutePath();

  @TempDir Path folder;

  private final int port = RrServer.freePort();
  private final int rpcPort = RrServer.freePort();
  private Path base;

  @BeforeEach
  void install() throws IOException {
    base = Files.createDirectory(folder.resolve("my app"));
    Files.createFile(base.resolve(".rr.yaml"));
    Files.createDirectory(base.resolve("public"));
    Files.writeString(base.resolve("public/robots.txt"), "User-agent: *\n");
    Files.createDirectories(base.resolve("vendor/bin"));
    Files.copy(Web.SAMPLE, base.resolve("vendor/bin/sample.php"));
    Files.writeString(
        base.resolve("vendor/bin/roadrunner-worker"),
        """
        #!/usr/bin/env php
        <?php
        getenv('LARAVEL_OCTANE') === '1' && getenv('APP_ENV') === 'local' || exit(1);
        version_compare(getenv('RR_VERSION'), '2023.3.0', '>=') || exit(2);
        fwrite(STDERR, json_encode(['type' => 'raw']) . "\\n");
        require __DIR__ . '/sample.php';
        """);
  }

  private ShellCommand start() {
    String php = ShellCommand.in(base, "php", "-r", "echo PHP_BINARY;").run().out();
    List<String> line = new ArrayList<>(List.of(Web.RR.toString(), "-c", base + "/.rr.yaml"));
    for (String override :
        List.of(
            "version=3",
            "http.address=127.0.0.1:" + port,
            "server.command=" + php + "," + base + "/vendor/bin/roadrunner-worker",
            "http.pool.num_workers=0",
            "http.pool.max_jobs=500",
            "rpc.listen=tcp://127.0.0.1:" + rpcPort,
            "http.pool.supervisor.exec_ttl=30s",
            "http.static.dir=" + base + "/public",
            "http.middleware=static",
            "logs.mode=production",
            "logs.level=debug",
            "logs.output=stdout",
            "logs.encoding=json")) {
      line.addAll(List.of("-o", override));
    }
    line.add("serve");
    return ShellCommand.in(base, line.toArray(String[]::new))
        .with("APP_ENV", "local")
        .with("APP_BASE_PATH", base.toString())
        .with("LARAVEL_OCTANE", "1");
  }

  @Test
  void theVersionIsNewEnough() {
    String version = ShellCommand.in(base, Web.RR.toString(), "--version").run().out();
    assertThat(version).startsWith("rr version ");
    String php = "exit(version_compare($argv[1], '2023.3.0', '>=') ? 0 : 1);";
    assertThat(ShellCommand.in(base, "php", "-r", php, version.split(" ")[2]).run().exit())
        .isZero();
  }

  @Test
  void servesAndShowsItsRequestsInTheConsole() throws Exception {
    try (RrServer server = RrServer.start(start(), port)) {
      assertThat(server.get("/users?page=2").body()).startsWith("Hello from PHP ");
      assertThat(server.post("/users", "text/plain", "x").statusCode()).isEqualTo(200);
      assertThat(server.get("/robots.txt").body()).isEqualTo("User-agent: *\n");
      assertThat(server.stop()).as(server.log()).isZero();
    }
    ShellCommand.Result shown =
        ShellCommand.in(base, "php", CONSOLE.toString(), base + "/out.log").run();
    assertThat(shown.err()).isEmpty();
    assertThat(shown.out())
        .contains("request 200 GET /users\n", "request 200 POST /users\n", "stream raw\n")
        .contains("text [INFO] RoadRunner server started; version: ")
        .contains("text stop signal received, grace timeout is: ");
    assertThat(Files.readString(base.resolve("err.log"))).isEmpty();
  }

  @Test
  void reloads() throws Exception {
    try (RrServer server = RrServer.start(start(), port)) {
      Set<Long> before = pids(server);
      ShellCommand.Result reset =
          ShellCommand.in(
                  base,
                  Web.RR.toString(),
                  "reset",
                  "-o",
                  "rpc.listen=tcp://127.0.0.1:" + rpcPort,
                  "-s")
              .run();
      assertThat(reset.exit()).as(reset.text()).isZero();
      // Whatever is written here, Octane takes for a failure.
      assertThat(reset.err()).isEmpty();
      RrServer.await(
          "other workers",
          () -> !pids(server).isEmpty() && Collections.disjoint(pids(server), before));
      assertThat(server.get("/").statusCode()).isEqualTo(200);
    }
  }

  private static Set<Long> pids(RrServer server) {
    return server.workers().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
  }
}

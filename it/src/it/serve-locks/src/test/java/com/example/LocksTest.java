package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PHP locks and asks over the socket; a watcher asks while the server works and while it stops. */
class LocksTest {
  private static final Path RR = Path.of(System.getProperty("rr.it.file"));
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final Path CLIENT =
      TOP.resolve("rr-plugins/lib/testing/src/main/resources/dev/rr/testing/rpc/rpc-client.php");
  private static final int HTTP = RrServer.freePort();
  private static final int STATUS = RrServer.freePort();
  private static final String RPC = "tcp://127.0.0.1:" + RrServer.freePort();

  @TempDir static Path folder;
  private static RrServer server;

  @BeforeAll
  static void start() throws Exception {
    Files.copy(TOP.resolve("docs/sample/worker.php"), folder.resolve("worker.php"));
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "%s"}
        server: {command: "php worker.php"}
        http: {address: "127.0.0.1:%d", pool: {num_workers: 2}}
        status: {address: "127.0.0.1:%d", check_timeout: 30s}
        """
            .formatted(RPC, HTTP, STATUS));
    server =
        RrServer.start(ShellCommand.in(folder, RR.toString(), "serve", "-c", ".rr.yaml"), HTTP);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static List<String> php(String script, Path first) {
    ShellCommand.Result result =
        ShellCommand.in(
                folder,
                "php",
                Path.of("src/test/php", script).toAbsolutePath().toString(),
                first.toString(),
                RPC)
            .run();
    assertThat(result.exit()).as(result.text()).isZero();
    return result.out().lines().toList();
  }

  @Test
  void phpCallsEveryMethod() {
    assertThat(php("locks.php", CLIENT))
        .containsExactly(
            "bytes = \"0a03666f6f120362617218c096b1022000\"",
            "lock = \"0801\"",
            "lock again = \"\"",
            "read = \"\"",
            "exists = \"0801\"",
            "not mine = \"\"",
            "shorter = \"0801\"",
            "after its end = \"0801\"",
            "promoted = {\"ok\":true}",
            "release = {\"ok\":true}",
            "free = []",
            "by force = {\"ok\":true}",
            "never = []",
            "no id ! empty ID is not allowed",
            "given back = \"0801\"",
            "obtained = \"0801\"",
            "gone = \"\"",
            "status = {\"code\":200}",
            "ready = \"08c801\"",
            "text = {\"code\":200}",
            "unknown ! checker_rpc_status: checker_plugin_status: no such plugin: x");
  }

  @Test
  @Tag("php-packages")
  void theRealPackageLocks() {
    assertThat(php("package.php", Path.of(System.getenv("RR_PHP_PACKAGES"), "autoload.php")))
        .containsExactly(
            "lock = \"made\"",
            "taken = false",
            "exists = [true,true,false]",
            "shorter = true",
            "waits = \"reader\"",
            "together = \"second\"",
            "release = [true,false]",
            "by force = [true,false,false]");
  }

  @Test
  void watchersSeeTheWorkers() {
    String row = "[{\"plugin_name\":\"http\",\"error_message\":\"\",\"status_code\":200}]";
    for (String path : List.of("/health", "/ready", "/health?plugin=http&plugin=rpc")) {
      assertThat(curl(path)).isEqualTo(row + " 200");
    }
    assertThat(curl("/jobs")).isEqualTo("jobs plugin not found\n 503");
  }

  private static String curl(String path) {
    String url = "http://127.0.0.1:" + STATUS + path;
    return ShellCommand.in(folder, "curl", "-sS", "-m", "20", "-w", " %{http_code}", url)
        .run()
        .out();
  }
}

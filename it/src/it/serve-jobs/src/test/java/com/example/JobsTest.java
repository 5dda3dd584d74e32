package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PHP pushes over the socket, and PHP works; the command line and a watcher look. */
class JobsTest {
  static final Path RR = Path.of(System.getProperty("rr.it.file"));
  static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  static final Path CLIENT =
      TOP.resolve("rr-plugins/lib/testing/src/main/resources/dev/rr/testing/rpc/rpc-client.php");
  static final Path PHP = Path.of("src/test/php").toAbsolutePath();

  private final int status = RrServer.freePort();
  private final String rpc = "tcp://127.0.0.1:" + RrServer.freePort();

  @TempDir Path folder;

  private RrServer start(String worker) throws IOException {
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "%s"}
        server: {command: "php %s", env: {JOBS_SEEN: "%s"}}
        logs: {level: debug, mode: production}
        status: {address: "127.0.0.1:%d", check_timeout: 30s}
        jobs:
          pool: {num_workers: 2}
          consume: [main]
          pipelines:
            main: {driver: memory, config: {priority: 13}}
            paused: {driver: memory}
        """
            .formatted(rpc, PHP.resolve(worker), folder.resolve("seen"), status));
    return RrServer.start(rr("serve"), status);
  }

  private ShellCommand rr(String... words) {
    List<String> command = new ArrayList<>(List.of(RR.toString()));
    command.addAll(List.of(words));
    command.addAll(List.of("-c", ".rr.yaml"));
    return ShellCommand.in(folder, command.toArray(String[]::new));
  }

  private List<String> php(String script, Path first, String... words) {
    List<String> command =
        new ArrayList<>(List.of("php", PHP.resolve(script).toString(), first.toString(), rpc));
    command.addAll(List.of(words));
    ShellCommand.Result result = ShellCommand.in(folder, command.toArray(String[]::new)).run();
    assertThat(result.exit()).as(result.text()).isZero();
    return result.out().lines().toList();
  }

  private List<String> seen() {
    try {
      Path seen = folder.resolve("seen");
      return Files.exists(seen) ? Files.readAllLines(seen) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long count(RrServer server, String text) {
    try {
      return server.log().lines().filter(line -> line.contains(text)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(RrServer server, String text, long times) {
    RrServer.await(times + " × " + text, () -> count(server, text) >= times);
  }

  /** Threads write their lines when they come to it, which may be after what they tell of. */
  private static void awaitExactly(RrServer server, String text, long times) {
    await(server, text, times);
    assertThat(count(server, text)).isEqualTo(times);
  }

  @Test
  void phpCallsEveryMethodAndTheCommandLineLooks() throws Exception {
    try (RrServer server = start("worker.php")) {
      assertThat(php("calls.php", CLIENT, "calls"))
          .containsExactly(
              "list = \"0a046d61696e0a06706175736564\"",
              "push = \"\"",
              "batch = []",
              "nowhere ! rpc_push: jobs_plugin_push: no such pipeline, requested: nope",
              "without id ! rpc_push: empty ID field not allowed",
              "paused = []",
              "stat ="
                  + " {\"stats\":[{\"pipeline\":\"main\",\"driver\":\"memory\",\"queue\":\"main\",\"ready\":true,\"priority\":13},"
                  + "{\"pipeline\":\"paused\",\"driver\":\"memory\",\"queue\":\"paused\",\"active\":1,\"delayed\":1,\"priority\":10}]}",
              "resume = []",
              "resume again ! rpc_resume: memory listener is already in the active state",
              "pause = []",
              "pause again ! rpc_pause: no active listeners, nothing to pause",
              "declare = []",
              "declare again ! rpc_declare_pipeline: pipeline already exists, name: declared,"
                  + " driver: memory",
              "declare nothing ! rpc_declare_pipeline: jobs_plugin_declare: no associated driver"
                  + " with the pipeline, pipeline name: x",
              "list = {\"pipelines\":[\"declared\",\"main\",\"paused\"]}",
              "destroy = {\"pipelines\":[\"declared\"]}",
              "destroy again ! rpc_destroy_pipeline: jobs_plugin_destroy: no such pipeline,"
                  + " requested: declared");
      RrServer.await("four jobs", () -> seen().size() == 4);
      assertThat(seen())
          .contains(
              "{\"id\":\"id-ack\",\"job\":\"ack\",\"driver\":\"memory\",\"headers\":{\"h\":[\"1\",\"2\"]},"
                  + "\"pipeline\":\"main\",\"payload\":\"hello\"}",
              "{\"id\":\"id\",\"job\":\"complete\",\"driver\":\"memory\",\"headers\":[],"
                  + "\"pipeline\":\"main\",\"payload\":\"x\"}");
      assertThat(server.get("/jobs").body())
          .contains("{\"pipeline\":\"main\",\"priority\":13,\"ready\":true,\"queue\":\"main\"");
      assertThat(rr("jobs", "--list").run().out()).containsSubsequence("main", "paused");
      assertThat(rr("jobs", "--pause", "main").run().exit()).isZero();
      assertThat(rr("workers").run().out())
          .contains("Workers of [jobs]", "Jobs of [jobs]", "PAUSED/STOPPED", "main");
      assertThat(rr("reset", "jobs").run().exit()).isZero();
      assertThat(server.stop()).as(server.log()).isZero();
    }
  }

  @Test
  void eachAnswerAndEachEndOfAWorkerHasItsEffect() throws Exception {
    try (RrServer server = start("worker.php")) {
      php("calls.php", CLIENT, "push", "retry");
      await(server, "job was processed successfully", 1);
      awaitExactly(server, "job was pushed successfully", 1);
      awaitExactly(server, "job processing was started", 4);
      awaitExactly(server, "job was re-queued", 3);
      assertThat(seen().getLast()).contains("\"attempts\":[\"3\"]");
      php("calls.php", CLIENT, "push", "requeue", "fail", "nack", "foo", "empty", "unknown");
      await(server, "job processing was started", 11);
      await(server, "job acknowledged, but contains error", 2);
      awaitExactly(server, "jobs protocol error", 4);
      awaitExactly(server, "jobs nack request", 1);
      awaitExactly(server, "response handler error", 2);
      awaitExactly(server, "unknown response type", 1);
      RrServer.await("an empty pipeline", () -> jobs(server).contains("\"active\":0"));
      killsAWorker(server);
      stopsWhileJobsRun(server);
    }
  }

  /** A job whose worker is killed comes again. */
  private void killsAWorker(RrServer server) {
    long done = count(server, "job was processed successfully");
    php("calls.php", CLIENT, "push", "die");
    await(server, "job was processed successfully", done + 1);
    assertThat(seen().stream().filter(line -> line.contains("\"die\""))).hasSize(2);
    assertThat(count(server, "job processed with errors")).isEqualTo(1);
  }

  /** Jobs that run finish, those that wait do not begin. */
  private void stopsWhileJobsRun(RrServer server) throws IOException {
    long done = count(server, "job was processed successfully");
    int before = seen().size();
    php(
        "calls.php",
        CLIENT,
        "push",
        "sleep:5000",
        "sleep:5001",
        "sleep:2",
        "sleep:3",
        "sleep:4",
        "sleep:5");
    RrServer.await("two running jobs", () -> seen().size() >= before + 2);
    assertThat(server.stop()).as(server.log()).isZero();
    assertThat(count(server, "job was processed successfully")).isBetween(done + 2, done + 4);
    assertThat(count(server, "jobs in memory are gone with their pipeline")).isEqualTo(1);
  }

  private static String jobs(RrServer server) {
    try {
      return server.get("/jobs").body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Tag("php-packages")
  void theRealPackagePushesAndWorks() throws Exception {
    try (RrServer server = start("package-worker.php")) {
      Path autoload = Path.of(System.getenv("RR_PHP_PACKAGES"), "autoload.php");
      assertThat(php("package.php", autoload))
          .containsExactly(
              "names = [\"made\",\"main\",\"paused\"]",
              "paused = true",
              "resumed = false",
              "twice ! rpc_declare_pipeline: pipeline already exists, name: made, driver: memory",
              "nowhere ! rpc_push: jobs_plugin_push: no such pipeline, requested: nope",
              "paused again = true",
              "stat = [\"memory\",3]");
      await(server, "job was processed successfully", 3);
      assertThat(seen())
          .contains(
              "[\"one\",\"made\",\"memory\",\"unknown\",{\"h\":[\"v\"]},\"payload\"]",
              "[\"retry\",\"made\",\"memory\",\"unknown\",{\"attempts\":[\"2\"]},\"\"]",
              "[\"fail\",\"made\",\"memory\",\"unknown\",[],\"x\"]",
              "[\"many\",\"made\",\"memory\",\"unknown\",[],\"y\"]")
          .hasSize(6);
      awaitExactly(server, "job was re-queued", 2);
    }
  }
}

package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a heap of 256 MB and a worker that never answers says when it is full. */
class SmallHeapTest {

  private static final int MEGABYTE = 1 << 20;
  private static final String FULL = "in_memory_handle_request: local pipeline is full";

  private final int status = RrServer.freePort();
  private final String rpc = "tcp://127.0.0.1:" + RrServer.freePort();
  private RrServer server;

  @TempDir Path folder;

  @BeforeEach
  void startWithAWorkerThatNeverAnswers() throws Exception {
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "%s"}
        server: {command: "php %s", env: {JOBS_SEEN: "%s"}}
        logs: {level: error, mode: production}
        endure: {grace_period: 5s}
        status: {address: "127.0.0.1:%d", check_timeout: 30s}
        jobs:
          timeout: 1
          pool: {num_workers: 1}
          consume: [kept, quick]
          pipelines:
            kept: {driver: boltdb, config: {file: kept.db}}
            quick: {driver: memory}
            later: {driver: boltdb, config: {file: later.db}}
        """
            .formatted(rpc, JobsTest.PHP.resolve("worker.php"), folder.resolve("seen"), status));
    ShellCommand serve =
        ShellCommand.in(folder, JobsTest.RR.toString(), "serve").with("RR_JAVA_OPTS", "-Xmx256m");
    server = RrServer.start(serve, status);
    assertThat(fill("quick", "one", "sleep", "3600000")).isEqualTo("1");
    RrServer.await("it is worked on", () -> Files.exists(folder.resolve("seen")));
  }

  @AfterEach
  void end() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private String fill(String pipeline, String... what) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "php",
            JobsTest.PHP.resolve("filling.php").toString(),
            JobsTest.CLIENT.toString(),
            rpc));
    command.add(pipeline);
    command.addAll(List.of(what));
    ShellCommand.Result result = ShellCommand.in(folder, command.toArray(String[]::new)).run();
    assertThat(result.exit()).as(result.text()).isZero();
    return result.out().strip();
  }

  private static int accepted(String answer) {
    return Integer.parseInt(answer.split(" ")[0]);
  }

  private void serverLives() throws Exception {
    assertThat(server.get("/jobs").statusCode()).isEqualTo(200);
    assertThat(server.stop()).as(server.log()).isZero();
  }

  @Test
  void largeJobsFindRoomInMemoryUntilItIsFullAndInAFileAsLongAsTheDiskHasSome() throws Exception {
    String kept = fill("kept", "until", "200", Integer.toString(MEGABYTE));
    assertThat(kept).isEqualTo("200");
    String quick = fill("quick", "until", "1000", Integer.toString(MEGABYTE));
    assertThat(accepted(quick)).isBetween(40, 90);
    assertThat(quick).contains(FULL);
    assertThat(fill("kept", "until", "20", Integer.toString(MEGABYTE))).isEqualTo("20");
    serverLives();
  }

  @Test
  void manySmallJobsFindRoomUntilTheirPipelinesAreFull() throws Exception {
    assertThat(fill("quick", "delayed", "100000")).isEqualTo("100000");
    assertThat(fill("later", "delayed", "100000")).isEqualTo("100000");
    String quick = fill("quick", "delayed", "2000000");
    assertThat(quick).contains(FULL);
    String later = fill("later", "delayed", "2000000");
    assertThat(later).contains("keys and jobs in files take the");
    assertThat(server.get("/jobs").body()).contains("\"delayed\":");
    serverLives();
  }

  @Test
  void aCallThatIsTooLargeIsRefusedAndALargeOneTaken() throws Exception {
    for (String pipeline : List.of("quick", "kept")) {
      assertThat(fill(pipeline, "batch", "50", Integer.toString(MEGABYTE)))
          .startsWith("0 ")
          .contains("rpc: ");
      assertThat(fill(pipeline, "batch", "25", Integer.toString(MEGABYTE))).isEqualTo("25");
      assertThat(fill(pipeline, "batch", "25", Integer.toString(MEGABYTE))).isEqualTo("25");
    }
    serverLives();
  }
}

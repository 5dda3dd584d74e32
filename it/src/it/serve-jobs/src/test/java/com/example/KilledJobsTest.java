package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs in a file outlive whatever is killed, those in memory outlive their workers. */
class KilledJobsTest {
  /** How often the server is killed: {@code -Drr.kills=100} for a campaign. */
  private static final int KILLS = Integer.getInteger("rr.kills", 2);

  private static final Pattern ID = Pattern.compile("\\{\"id\":\"([^\"]+)\"");

  private final int status = RrServer.freePort();
  private final String rpc = "tcp://127.0.0.1:" + RrServer.freePort();
  private final List<Process> clients = new ArrayList<>();
  private final Random random = new Random(25);
  private RrServer server;

  @TempDir Path folder;

  @AfterEach
  void end() throws Exception {
    for (Process client : clients) {
      client.destroyForcibly().waitFor();
    }
    if (server != null) {
      server.close();
    }
  }

  private void start() throws IOException {
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "%s"}
        server: {command: "php %s", env: {JOBS_SEEN: "%s"}}
        logs: {level: error, mode: production}
        status: {address: "127.0.0.1:%d", check_timeout: 30s}
        jobs:
          pool: {num_workers: 3}
          consume: [kept, quick]
          pipelines:
            kept: {driver: boltdb, config: {file: kept.db}}
            waiting: {driver: boltdb, config: {file: waiting.db}}
            quick: {driver: memory}
        """
            .formatted(rpc, JobsTest.PHP.resolve("worker.php"), folder.resolve("seen"), status));
    server = RrServer.start(ShellCommand.in(folder, JobsTest.RR.toString(), "serve"), status);
  }

  private void kill() throws Exception {
    assertThat(server.process().destroyForcibly()).isTrue();
    server.process().onExit().get(30, TimeUnit.SECONDS);
    server.close();
  }

  /** Pushes into a pipeline until the end of the test; answers where the accepted ids go. */
  private Path pushInto(String pipeline, String prefix) throws IOException {
    Path accepted = folder.resolve("accepted-" + prefix);
    clients.add(
        new ProcessBuilder(
                "php",
                JobsTest.PHP.resolve("pushing.php").toString(),
                JobsTest.CLIENT.toString(),
                rpc,
                pipeline,
                prefix)
            .redirectOutput(accepted.toFile())
            .redirectError(new File("/dev/null"))
            .start());
    return accepted;
  }

  /** Whole lines only: a client may be killed in the middle of one. */
  private static Set<String> accepted(Path file) throws IOException {
    String text = Files.readString(file);
    Set<String> ids = new LinkedHashSet<>(text.lines().toList());
    if (!text.endsWith("\n")) {
      ids.remove(text.substring(text.lastIndexOf('\n') + 1));
    }
    return ids;
  }

  /** The ids of all jobs that PHP has worked on, with those that came again. */
  private List<String> worked() {
    try {
      Path seen = folder.resolve("seen");
      List<String> ids = new ArrayList<>();
      for (String line : Files.exists(seen) ? Files.readAllLines(seen) : List.<String>of()) {
        Matcher id = ID.matcher(line);
        if (id.find()) {
          ids.add(id.group(1));
        }
      }
      return ids;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitWorked(Set<String> ids) {
    Set<String> left = new HashSet<>(ids);
    try {
      RrServer.await(
          "all jobs",
          () -> {
            worked().forEach(left::remove);
            return left.isEmpty();
          });
    } catch (IllegalStateException e) {
      throw new AssertionError(left.size() + " of " + ids.size() + " are lost: " + left, e);
    }
  }

  @Test
  void whatWasAcceptedIsWorkedOnAfterTheServerWasKilled() throws Exception {
    start();
    Path accepted = pushInto("waiting", "w");
    RrServer.await("some jobs", () -> accepted.toFile().length() > 500);
    kill();
    clients.getFirst().destroyForcibly().waitFor();
    Set<String> ids = accepted(accepted);
    assertThat(ids).hasSizeGreaterThan(50);
    assertThat(worked()).isEmpty();
    start();
    ShellCommand.in(folder, JobsTest.RR.toString(), "jobs", "--resume", "waiting").run();
    awaitWorked(ids);
    assertThat(worked()).doesNotHaveDuplicates();
    assertThat(Files.readString(folder.resolve("seen")))
        .contains("\"headers\":{\"h\":[\"" + ids.iterator().next() + "\"]}");
  }

  @Test
  void nothingThatWasAcceptedIsLostWheneverWorkersAndTheServerAreKilled() throws Exception {
    start();
    List<Path> kept = List.of(pushInto("kept", "k1"), pushInto("kept", "k2"));
    Path quick = pushInto("quick", "q");
    List<Path> all = List.of(kept.get(0), kept.get(1), quick);
    for (int i = 0; i < KILLS; i++) {
      killWorkersWhile(all);
      kill();
      start();
    }
    // What was in memory before has gone with the server.
    Set<String> gone = accepted(quick);
    killWorkersWhile(all);
    for (Process client : clients) {
      client.destroyForcibly().waitFor();
    }
    Set<String> ids = new HashSet<>();
    for (Path file : kept) {
      ids.addAll(accepted(file));
    }
    assertThat(ids).hasSizeGreaterThan(20 * KILLS);
    awaitWorked(ids);
    Set<String> inMemory = accepted(quick);
    inMemory.removeAll(gone);
    assertThat(inMemory).isNotEmpty();
    awaitWorked(inMemory);
    List<String> worked = worked();
    System.out.println(
        KILLS
            + " kills: "
            + ids.size()
            + " jobs in a file and "
            + inMemory.size()
            + " in memory, "
            + (worked.size() - new HashSet<>(worked).size())
            + " came twice");
  }

  /** Kills one after the other, each after some more jobs were accepted. */
  private void killWorkersWhile(List<Path> accepted) {
    for (int i = 0; i < 3; i++) {
      for (Path file : accepted) {
        long enough = file.toFile().length() + 50 + random.nextInt(400);
        RrServer.await("more jobs", () -> file.toFile().length() > enough);
      }
      List<ProcessHandle> workers = server.workers();
      if (!workers.isEmpty()) {
        workers.get(random.nextInt(workers.size())).destroyForcibly();
      }
    }
  }
}

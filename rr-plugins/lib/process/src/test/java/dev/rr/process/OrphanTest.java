package dev.rr.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.ProcessCheck;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when a server is killed that had no chance to stop anything. */
final class OrphanTest {
  private static final String ALONE = "echo $$; exec sleep 300";
  private static final String DEAF = "trap '' INT TERM HUP; sleep 300 & echo $! $$; wait";

  @TempDir Path folder;

  @Test
  void aProcessDiesWithItsServer() throws Exception {
    assertThat(killed(ALONE, "")).hasSize(1).allSatisfy(ProcessCheck::awaitEnd);
  }

  @Test
  void theGuardEndsWhatTheProcessHasStarted() throws Exception {
    assertThat(killed(DEAF, "")).hasSize(2).allSatisfy(ProcessCheck::awaitEnd);
  }

  @Test
  void aProcessOfAnotherUserDiesWithItsServer() throws Exception {
    boolean root = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    assertThat(killed(ALONE, root ? "65534" : "")).hasSize(1).allSatisfy(ProcessCheck::awaitEnd);
  }

  @Test
  void theGuardForgetsGroups() throws Exception {
    Process kept;
    try (GroupGuard guard = GroupGuard.start()) {
      kept = start(List.of("sh", "-c", ALONE), "");
      Process killed = start(List.of("sh", "-c", ALONE), "");
      // Before they say something they may lead no group yet.
      assertThat(kept.inputReader(UTF_8).readLine()).isEqualTo("" + kept.pid());
      assertThat(killed.inputReader(UTF_8).readLine()).isEqualTo("" + killed.pid());
      guard.add(kept);
      guard.add(killed);
      guard.remove(kept);
      guard.close();
      assertThat(killed.waitFor()).isEqualTo(128 + 9);
    }
    assertThat(kept.isAlive()).isTrue();
    ProcessGroup.kill(kept);
    assertThat(kept.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void theGuardEndsWhoLeadsNoGroupYet() throws Exception {
    Process justStarted;
    try (GroupGuard guard = GroupGuard.start()) {
      justStarted = start(List.of("sleep", "300"), "");
      guard.add(justStarted);
    }
    assertThat(justStarted.waitFor(20, TimeUnit.SECONDS)).as("it ended").isTrue();
  }

  /** Kills a server and tells what it had started, in the process' own words. */
  private List<Long> killed(String script, String user) throws Exception {
    String java = ProcessHandle.current().info().command().orElseThrow();
    List<String> command =
        List.of(java, "-cp", System.getProperty("java.class.path"), Server.class.getName());
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(script, user));
    Process server = new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = server.inputReader(UTF_8)) {
      List<Long> pids = Arrays.stream(out.readLine().split(" ")).map(Long::valueOf).toList();
      assertThat(pids).allMatch(ProcessCheck::runs);
      return pids;
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private static Process start(List<String> command, String user) throws Exception {
    Optional<ProcessCommand.User> account =
        user.isEmpty()
            ? Optional.empty()
            : Optional.of(new ProcessCommand.User(Integer.parseInt(user), Integer.parseInt(user)));
    return ProcessStarter.prepare(
            new ProcessCommand(command, Map.of("PATH", "/usr/bin:/bin"), Path.of("/"), account))
        .start();
  }

  /** A server of its own, to be killed. */
  static final class Server {
    private Server() {}

    /** Prints what its process prints and waits for its end. */
    public static void main(String[] args) throws Exception {
      GroupGuard guard = GroupGuard.start();
      Process process = start(List.of("sh", "-c", args[0]), args[1]);
      // The kernel has to see to those without children.
      if (args[0].equals(DEAF)) {
        guard.add(process);
      }
      System.out.println(process.inputReader(UTF_8).readLine());
      int ignored = process.waitFor();
    }
  }
}

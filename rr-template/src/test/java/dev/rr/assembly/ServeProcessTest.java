package dev.rr.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.os.NotifySocket;
import dev.rr.testing.worker.ProcessCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process: signals, exit codes, what is printed. */
final class ServeProcessTest {
  private static final String STARTED =
      "[INFO] RoadRunner server started; version: 2025.1.15, buildtime: 0123456789ab, rr: 1.2.3\n";

  @TempDir Path folder;

  @BeforeEach
  void configuration() throws IOException {
    Files.writeString(folder.resolve(".rr.yaml"), "version: \"3\"\n");
  }

  private Run serve(String how, String... arguments) throws IOException {
    return serve(Map.of("FAKE", how), arguments);
  }

  private Run serve(Map<String, String> variables, String... arguments) throws IOException {
    String[] command = {
      System.getProperty("java.home") + "/bin/java",
      "-XX:TieredStopAtLevel=1",
      "-XX:+UseSerialGC",
      "--enable-native-access=ALL-UNNAMED",
      "-cp",
      System.getProperty("java.class.path"),
      RrMain.class.getName(),
      "serve"
    };
    String[] all = new String[command.length + arguments.length];
    System.arraycopy(command, 0, all, 0, command.length);
    System.arraycopy(arguments, 0, all, command.length, arguments.length);
    Map<String, String> environment = new TreeMap<>(variables);
    environment.put("_JAVA_SR_SIGNUM", "40");
    return Run.start(folder, environment, all);
  }

  @Test
  void theFirstSignalStopsInGoodOrder() throws Exception {
    try (Run run = serve("")) {
      run.awaitOut("server started");
      run.signal("TERM");
      assertThat(run.code()).isZero();
      assertThat(run.out())
          .isEqualTo(
              STARTED
                  + "stop signal received, grace timeout is: 30 seconds\n"
                  + "work stops\nbase stopped\n");
    }
  }

  @Test
  void aSignalDuringTheStartStopsAtOnceAndNamesThePluginThatWasStarting() throws Exception {
    try (Run run = serve("boots")) {
      run.awaitOut("boots");
      run.signal("TERM");
      assertThat(run.code()).isZero();
      assertThat(run.out())
          .isEqualTo(
              "boots\nstop signal received, grace timeout is: 30 seconds;"
                  + " the plugin work was still starting\nwork stops\nbase stopped\n");
    }
  }

  @Test
  void theInterruptKeyStopsAsWell() throws Exception {
    try (Run run = serve("")) {
      run.awaitOut("server started");
      run.signal("INT");
      assertThat(run.code()).isZero();
      assertThat(run.out()).endsWith("work stops\nbase stopped\n");
    }
  }

  @Test
  void silenceCoversTheServersOwnLines() throws Exception {
    try (Run run = serve("dies", "-s")) {
      assertThat(run.code()).isOne();
      assertThat(run.out()).isEqualTo("work stops\nbase stopped\n");
    }
  }

  @Test
  void theSecondSignalForcesTheExit() throws Exception {
    try (Run run = serve("stuck")) {
      run.awaitOut("server started");
      run.signal("TERM");
      run.awaitOut(" sleeps");
      run.signal("INT");
      assertThat(run.code()).isOne();
      assertThat(run.out()).endsWith("exit forced\n").doesNotContain("base stopped");
    }
  }

  @Test
  void aForcedExitLeavesNoProcessBehind() throws Exception {
    try (Run run = serve("stuck")) {
      run.awaitOut("server started");
      run.signal("TERM");
      run.awaitOut(" sleeps");
      run.signal("TERM");
      assertThat(run.code()).isOne();
      childIsGone(run);
    }
  }

  static void childIsGone(Run run) throws IOException {
    String child = run.out().replaceAll("(?s).*child (\\d+) sleeps.*", "$1");
    ProcessCheck.awaitEnd(Long.parseLong(child));
  }

  @Test
  void aThreadThatEndsByAnErrorEndsTheServerAndItsProcesses() throws Exception {
    try (Run run = serve("errs")) {
      assertThat(run.code()).isOne();
      assertThat(run.err())
          .startsWith(
              "error: the thread fake-loop died of java.lang.StackOverflowError: too deep; the"
                  + " server cannot go on without it and ends\n");
      childIsGone(run);
    }
  }

  @Test
  void aPluginThatFailsWhileRunningStopsTheServerAndIsNamed() throws Exception {
    try (Run run = serve("dies")) {
      assertThat(run.code()).isOne();
      assertThat(run.err()).isEqualTo("error: lost\nplugin: work\n");
      assertThat(run.out()).endsWith("work stops\nbase stopped\n");
    }
  }

  @Test
  void aPluginThatDoesNotStartIsNamedAndTheOthersStop() throws Exception {
    try (Run run = serve("refuses")) {
      assertThat(run.code()).isOne();
      assertThat(run.err())
          .isEqualTo(
              "serve error from the plugin work stopping execution, error: address already in"
                  + " use\n");
      assertThat(run.out()).isEqualTo("work stops\nbase stopped\n");
    }
  }

  @Test
  void aRestartKeepsTheProcess() throws Exception {
    try (Run run = serve("", "-p")) {
      run.awaitOut("server started");
      run.signal("USR2");
      run.awaitOut("base stopped\n" + STARTED);
      assertThat(Files.readString(folder.resolve(".pid"))).isEqualTo(Long.toString(run.pid()));
      run.signal("TERM");
      assertThat(run.code()).isZero();
      assertThat(run.out()).startsWith(STARTED + "restart signal [SIGUSR2] received\n");
    }
  }

  @Test
  void thePidFileHoldsTheProcessIdAlone() throws Exception {
    try (Run run = serve("", "-p")) {
      run.awaitOut("server started");
      assertThat(folder.resolve(".pid")).hasContent(Long.toString(run.pid()));
    }
  }

  @Test
  void thePidFileOfARunningServerIsNotWrittenOver() throws Exception {
    try (Run first = serve("", "-p")) {
      first.awaitOut("server started");
      try (Run second = serve("", "-p")) {
        assertThat(second.code()).isOne();
        assertThat(second.err())
            .contains(
                "the server with the process id %d runs in %s and has its .pid;"
                    .formatted(first.pid(), folder));
      }
      assertThat(folder.resolve(".pid")).hasContent(Long.toString(first.pid()));
    }
  }

  @Test
  void aServerThatDoesNotStartLeavesThePidFileAsItWas() throws Exception {
    Files.writeString(folder.resolve(".pid"), "12");
    try (Run run = serve("refuses", "-p")) {
      assertThat(run.code()).isOne();
    }
    assertThat(folder.resolve(".pid")).hasContent("12");
  }

  @Test
  @Timeout(60)
  void systemdIsToldOfTheStartOfLifeAndOfTheEnd() throws Exception {
    try (NotifySocket socket = new NotifySocket(folder)) {
      Map<String, String> unit = new TreeMap<>(socket.environment());
      unit.put("WATCHDOG_USEC", "100000");
      try (Run run = serve(unit)) {
        assertThat(socket.next()).isEqualTo("READY=1");
        assertThat(socket.next()).isEqualTo("WATCHDOG=1");
        assertThat(socket.next()).isEqualTo("WATCHDOG=1");
        run.signal("TERM");
        String last = socket.next();
        while (last.equals("WATCHDOG=1")) {
          last = socket.next();
        }
        assertThat(last).isEqualTo("STOPPING=1");
        assertThat(run.code()).isZero();
        assertThat(run.out())
            .startsWith(
                STARTED
                    + "[INFO] sdnotify: notified\n"
                    + "[INFO] sdnotify: watchdog enabled, timeout: 0.05 seconds\n");
      }
    }
  }

  @Test
  void aSocketThatNobodyServesIsAWarning() throws Exception {
    String nowhere = folder.resolve("nowhere").toString();
    try (Run run = serve(Map.of("NOTIFY_SOCKET", nowhere))) {
      run.awaitOut("sdnotify");
      run.signal("TERM");
      assertThat(run.code()).isZero();
      assertThat(run.out())
          .contains("[WARN] sdnotify: nobody takes datagrams at " + nowhere)
          .doesNotContain("notified");
    }
  }
}

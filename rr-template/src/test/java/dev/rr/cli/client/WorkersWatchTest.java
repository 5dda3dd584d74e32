package dev.rr.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.assembly.RrMain;
import dev.rr.assembly.Run;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code rr workers -i} in a terminal of its own. */
@Timeout(120)
final class WorkersWatchTest {
  private static final String ENTER = "\u001b[?1049h\u001b[?25l";
  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";

  private final AtomicInteger execs = new AtomicInteger();

  @TempDir Path folder;

  private String answer(String call) {
    if (call.startsWith("informer.List")) {
      return "[\"http\"]";
    }
    return call.startsWith("informer.Workers")
        ? "{\"workers\":[{\"pid\":31,\"statusStr\":\"ready\",\"numExecs\":%d}]}"
            .formatted(execs.addAndGet(500))
        : "null";
  }

  private static String java(String arguments) {
    return System.getProperty("java.home")
        + "/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Drr.terminals=12 -cp '"
        + System.getProperty("java.class.path")
        + "' "
        + RrMain.class.getName()
        + " "
        + arguments;
  }

  /** What a terminal of 30 rows and 90 columns got, until these keys had been pressed. */
  private String pressed(String keys) throws Exception {
    try (FakeServer server = new FakeServer(this::answer)) {
      String command =
          "stty rows 30 cols 90; stty > before; trap : INT; "
              + java("workers -i -o rpc.listen=" + server.address().dsn())
              + "; echo \"code $?\"; stty > after; cmp before after && echo as before";
      Process script =
          new ProcessBuilder("script", "-qec", command, "/dev/null")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      try {
        while (server.calls.stream().filter(c -> c.startsWith("informer.Workers")).count() < 2) {
          assertThat(script.isAlive()).isTrue();
          script.waitFor(20, TimeUnit.MILLISECONDS);
        }
        script.getOutputStream().write(keys.getBytes(StandardCharsets.ISO_8859_1));
        script.getOutputStream().flush();
        return new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .replaceAll("\u001b\\[[0-9]+m", "");
      } finally {
        script.destroyForcibly();
      }
    }
  }

  @Test
  void qLeavesTheTerminalAsItWas() throws Exception {
    String screen = pressed("eq");
    assertThat(screen)
        .contains(ENTER, "Workers of [http]", "EXECS/S", "e execs▼", LEAVE + "code 0")
        .endsWith("as before\r\n");
    assertThat(screen.indexOf(LEAVE)).isGreaterThan(screen.lastIndexOf("Workers of"));
  }

  @Test
  void soDoesTheInterruptKey() throws Exception {
    assertThat(pressed("\u0003")).contains(LEAVE + "code 0").endsWith("as before\r\n");
  }

  @Test
  void keysThatSendSequencesAreNoLetters() throws Exception {
    InputStream typed =
        new ByteArrayInputStream(
            "m\u001b[A\u001b[1;5Cc\u001bOPe\u001bq\u001b[".getBytes(StandardCharsets.ISO_8859_1));
    StringBuilder keys = new StringBuilder();
    for (int key = WorkersWatch.key(typed); key >= 0; key = WorkersWatch.key(typed)) {
      keys.append((char) key);
    }
    assertThat(keys).hasToString("mceq");
  }

  @Test
  void withoutATerminalItSaysSo() throws Exception {
    try (FakeServer server = new FakeServer(this::answer);
        Run run =
            Run.start(
                folder,
                Map.of(),
                "sh",
                "-c",
                java("workers -i -o rpc.listen=" + server.address().dsn())
                    .replace("terminals=12", "terminals="))) {
      assertThat(run.code()).isOne();
      assertThat(run.err())
          .isEqualTo("rr workers -i needs a terminal (standard output is none): leave -i out\n");
      assertThat(run.out()).isEmpty();
    }
  }
}

package dev.rr.plugin.logger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.rr.api.log.Log;
import dev.rr.api.log.LogTail;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.LifecycleContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoggerPluginTest {
  @TempDir Path folder = Path.of("");
  private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();
  private final PrintStream before = System.err;

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(complaints, true, UTF_8));
  }

  @AfterEach
  void leave() {
    System.setErr(before);
  }

  private LoggerPlugin plugin(ChannelConfig root, Map<String, ChannelConfig> channels) {
    return new LoggerPlugin(
        LoggerConfig.of(root, channels), new FakeHost(folder, Map.of("NO_COLOR", "1")));
  }

  private static void stop(LoggerPlugin plugin) {
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(folder.resolve(file));
  }

  @Test
  void writesAChannelToItsOwnOutputAndTheRestToTheRoots() throws Exception {
    LoggerPlugin plugin =
        plugin(
            Channels.to("root.log").mode(Mode.PRODUCTION).build(),
            Map.of("http", Channels.to("http.log").mode(Mode.RAW).level(Threshold.WARN).build()));
    plugin.start();
    plugin.named("http").info("below the channel's level");
    plugin.named("HTTP").error("to the channel");
    plugin.named("jobs").info("to the root", "status", 201);
    stop(plugin);
    assertThat(lines("http.log")).containsExactly("to the channel");
    assertThat(lines("root.log")).singleElement().asString().contains("\"status\":201}");
  }

  @Test
  void severalOutputsAllGetTheLineAndChannelsShareOne() throws Exception {
    LoggerPlugin plugin =
        plugin(
            Channels.to("a.log", "file://" + folder.resolve("b.log")).mode(Mode.RAW).build(),
            Map.of("x", Channels.to("./a.log").mode(Mode.RAW).build()));
    plugin.start();
    plugin.named("r").info("1");
    plugin.named("x").info("2");
    stop(plugin);
    assertThat(lines("a.log")).containsExactly("1", "2");
    assertThat(lines("b.log")).containsExactly("1");
  }

  @Test
  void levelsAboveErrorDoNotFallBackToDebug() {
    Log log = plugin(Channels.to("a.log").level(Threshold.PANIC).build(), Map.of()).named("x");
    assertThat(log.enabled(Log.Level.ERROR)).isTrue();
    assertThat(log.enabled(Log.Level.WARN)).isFalse();
  }

  @Test
  void offWritesNothingAndOpensNothing() throws Exception {
    LoggerPlugin plugin = plugin(Channels.to("a.log").mode(Mode.OFF).build(), Map.of());
    plugin.start();
    assertThat(plugin.named("x").enabled(Log.Level.ERROR)).isFalse();
    plugin.named("x").error("nothing");
    stop(plugin);
    assertThat(folder.resolve("a.log")).doesNotExist();
  }

  @Test
  void aFormatAnEncodingAndLineEndings() throws Exception {
    LoggerPlugin plugin =
        plugin(
            Channels.to("a.log").format("[%level%] %message%", "").ending(";", false).build(),
            Map.of(
                "bare", Channels.to("b.log").format("%message%", "").ending("", true).build(),
                "json", Channels.to("c.log").encoding(Encoding.JSON).build(),
                "console",
                    Channels.to("d.log").mode(Mode.PRODUCTION).encoding(Encoding.CONSOLE).build()));
    plugin.start();
    for (String name : List.of("x", "bare", "json", "console")) {
      plugin.named(name).warn("m");
      plugin.named(name).warn("n");
    }
    stop(plugin);
    assertThat(folder.resolve("a.log")).hasContent("[WARN] m;[WARN] n;");
    assertThat(folder.resolve("b.log")).hasContent("mn");
    assertThat(lines("c.log").getFirst()).startsWith("{");
    assertThat(lines("d.log").getFirst()).contains("\tWARN\tconsole     \tm");
  }

  @Test
  void fileLoggerOptionsReplaceTheOutputWithJson() throws Exception {
    RotationConfig rotation = new RotationConfig("deep/er/my.log", 0, 0, 0, false);
    assertThat(rotation).isEqualTo(new RotationConfig("deep/er/my.log", 100, 24, 10, false));
    LoggerPlugin plugin = plugin(Channels.to("a.log").rotation(rotation).build(), Map.of());
    plugin.start();
    plugin.named("x").info("m");
    stop(plugin);
    assertThat(lines("deep/er/my.log"))
        .singleElement()
        .asString()
        .startsWith("{\"level\":\"info\",\"ts\":");
    assertThat(folder.resolve("a.log")).doesNotExist();
  }

  @Test
  void aChannelWhoseOutputCannotBeOpenedGoesToTheRootsAndSaysSo() throws Exception {
    LoggerPlugin plugin =
        plugin(
            Channels.to("root.log").mode(Mode.PRODUCTION).build(),
            Map.of("http", Channels.to("none/http.log").build()));
    plugin.start();
    plugin.named("http").info("still here");
    stop(plugin);
    assertThat(lines("root.log")).hasSize(2);
    assertThat(lines("root.log").getFirst())
        .contains("\"level\":\"error\"")
        .contains("\"channel\":\"http\"")
        .contains("its folder does not exist");
    assertThat(lines("root.log").getLast()).contains("still here");
  }

  @Test
  void bearsEveryOrderOfStartAndStop() throws Exception {
    Map<String, ChannelConfig> channels = Map.of("http", Channels.to("http.log").build());
    LifecycleContract.holds(
        () -> plugin(Channels.to("root.log").build(), channels),
        () -> plugin(Channels.to("none/root.log").build(), channels));
  }

  @Test
  void aRootThatCannotBeOpenedFailsTheStartInOneSentence() {
    LoggerPlugin plugin = plugin(Channels.to("none/root.log").build(), Map.of());
    assertThatThrownBy(plugin::start)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "logs: cannot open " + folder.resolve("none/root.log") + ": its folder does not exist");
  }

  @Test
  void stackTracesAreForDebugOnly() throws Exception {
    LoggerPlugin plugin =
        plugin(
            Channels.to("debug.log").build(),
            Map.of("info", Channels.to("info.log").level(Threshold.INFO).build()));
    plugin.start();
    Exception error = new IOException("port in use");
    plugin.named("x").log(Log.Level.ERROR, "m", error);
    plugin.named("info").log(Log.Level.ERROR, "m", error);
    stop(plugin);
    assertThat(lines("debug.log")).hasSizeGreaterThan(1);
    assertThat(lines("info.log"))
        .singleElement()
        .asString()
        .contains("{\"error\": \"port in use\"}");
  }

  @Test
  void aValueThatLogsWhileItIsWrittenDoesNotMixTheLines() throws Exception {
    LoggerPlugin plugin = plugin(Channels.to("a.log").mode(Mode.PRODUCTION).build(), Map.of());
    plugin.start();
    Log log = plugin.named("x");
    Object chatty =
        new Object() {
          @Override
          public String toString() {
            log.info("inner");
            return "chatty";
          }
        };
    log.info("outer", "v", chatty);
    stop(plugin);
    assertThat(lines("a.log").getFirst()).contains("\"msg\":\"inner\"").endsWith("}");
    assertThat(lines("a.log").getLast())
        .contains("\"msg\":\"outer\"")
        .endsWith("\"v\":\"chatty\"}");
  }

  @Test
  void aLogCallNeverFailsItsCaller() throws Exception {
    LoggerPlugin plugin = plugin(Channels.to("a.log").mode(Mode.PRODUCTION).build(), Map.of());
    plugin.start();
    Iterable<String> broken =
        () -> {
          throw new IllegalStateException("changed meanwhile");
        };
    plugin.named("x").info("m", "v", broken);
    stop(plugin);
    assertThat(lines("a.log"))
        .singleElement()
        .asString()
        .contains("\"msg\":\"m\"")
        .contains("changed meanwhile");
  }

  @Test
  void javaLibrariesLogIntoTheirChannelsFromWarnUp() throws Exception {
    LoggerPlugin plugin =
        plugin(
            Channels.to("root.log").mode(Mode.PRODUCTION).build(),
            Map.of("http", Channels.to("http.log").mode(Mode.PRODUCTION).build()));
    plugin.start();
    Logger netty = Logger.getLogger("io.netty.channel.Whatever");
    netty.info("not shown");
    netty.log(Level.WARNING, "leak {0}", "found");
    Logger.getLogger("com.example").severe("other");
    stop(plugin);
    netty.setUseParentHandlers(false);
    netty.warning("after the end");
    assertThat(lines("http.log"))
        .singleElement()
        .asString()
        .contains("\"level\":\"warn\"")
        .contains("\"logger\":\"http\",\"msg\":\"leak found\"")
        .contains("\"library\":\"io.netty.channel.Whatever\"");
    assertThat(lines("root.log"))
        .singleElement()
        .asString()
        .contains("\"level\":\"error\"")
        .contains("\"logger\":\"java\"");
  }

  @Test
  void whatALibrarySaysAllTheTimeIsCounted() throws Exception {
    LoggerPlugin plugin = plugin(Channels.to("root.log").mode(Mode.PRODUCTION).build(), Map.of());
    plugin.start();
    Logger noisy = Logger.getLogger("com.example.Noisy");
    int said = 0;
    long began = System.nanoTime();
    // Until the second one begins.
    while (said < 100 || lines("root.log").stream().noneMatch(line -> line.contains("left_out"))) {
      noisy.warning("again");
      said++;
    }
    Logger.getLogger("com.example.Quiet").warning("once");
    stop(plugin);
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    assertThat(lines("root.log").stream().filter(line -> line.contains("again")).count())
        .isBetween(10L, 10 * (seconds + 1) + 1);
    assertThat(lines("root.log")).anyMatch(line -> line.contains("once"));
  }

  @Test
  void linesAfterTheEndGoToStandardError() throws Exception {
    LoggerPlugin plugin = plugin(Channels.to("a.log").mode(Mode.RAW).build(), Map.of());
    plugin.start();
    stop(plugin);
    plugin.named("x").info("late");
    assertThat(complaints.toString(UTF_8)).isEqualTo("late\n");
  }

  @Test
  void noThreadIsLeftBehind() throws Exception {
    LoggerPlugin plugin = plugin(Channels.to("a.log", "b.log").build(), Map.of());
    plugin.start();
    stop(plugin);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("rr-log-") && name.contains(folder.toString()));
  }

  @Test
  void aListenerSeesWhatIsWrittenUntilItLeaves() throws Exception {
    LoggerPlugin plugin = plugin(Channels.to("root.log").level(Threshold.INFO).build(), Map.of());
    List<LogTail.Line> seen = new ArrayList<>();
    Runnable leave = plugin.tail().listen(listener(Log.Level.WARN, seen));
    Log log = plugin.named("http");

    log.debug("not written");
    log.info("not wanted");
    log.log(Log.Level.ERROR, "seen", new IOException("no \"disk\""), "n", 1);
    log.warn("plain");
    leave.run();
    leave.run();
    log.error("too late");
    stop(plugin);

    assertThat(seen)
        .extracting(LogTail.Line::level, LogTail.Line::channel, LogTail.Line::message)
        .containsExactly(
            tuple(Log.Level.ERROR, "http", "seen"), tuple(Log.Level.WARN, "http", "plain"));
    assertThat(seen)
        .extracting(LogTail.Line::attributes)
        .containsExactly("{\"n\":1,\"error\":\"no \\\"disk\\\"\"}", "");
    assertThat(lines("root.log")).hasSize(4);
  }

  private static LogTail.Listener listener(Log.Level lowest, List<LogTail.Line> seen) {
    return new LogTail.Listener() {
      @Override
      public boolean takes(Log.Level level) {
        return level.compareTo(lowest) >= 0;
      }

      @Override
      public void line(LogTail.Line line) {
        seen.add(line);
      }
    };
  }
}

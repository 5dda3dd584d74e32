package dev.rr.plugin.applogger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.log.Log;
import dev.rr.proto.AppLoggerProto.LogAttrs;
import dev.rr.proto.AppLoggerProto.LogEntry;
import dev.rr.proto.AppLoggerProto.Response;
import dev.rr.testing.plugin.RpcCalls;
import dev.rr.testing.worker.RecordingLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AppLoggerPluginTest {
  private final RecordingLog log = new RecordingLog();
  private final List<String> channels = new ArrayList<>();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final AppLoggerPlugin plugin = new AppLoggerPlugin(this::named);
  private final PrintStream before = System.err;

  private Log named(String channel) {
    channels.add(channel);
    return log;
  }

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(stderr, false, UTF_8));
  }

  @AfterEach
  void leave() {
    System.setErr(before);
  }

  @Test
  void logsToTheChannelAppAtTheMethodsLevel() {
    plugin.error("e");
    plugin.warning("w");
    plugin.info("i");
    plugin.debug("d");
    assertThat(channels).containsExactly("app");
    assertThat(log.records()).containsExactly("ERROR e []", "WARN w []", "INFO i []", "DEBUG d []");
    assertThat(stderr.size()).isZero();
  }

  @Test
  void logWritesTextToStandardErrorWithExactlyOneLineFeed() {
    plugin.log("plain é");
    plugin.log("ended\n");
    plugin.log("");
    assertThat(stderr.toString(UTF_8)).isEqualTo("plain é\nended\n\n");
    assertThat(log.records()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Error, ERROR", "Warning, WARN", "Info, INFO", "Debug, DEBUG"})
  void logsAttributesInTheirOrder(String method, String level) throws Exception {
    Object answer = call(method + "WithContext", entry("text", "user", "7", "empty", ""));
    assertThat(answer).isEqualTo(Response.getDefaultInstance());
    assertThat(call(method + "WithContext", entry("alone"))).isEqualTo(answer);
    assertThat(log.records())
        .containsExactly(level + " text [user, 7, empty, ]", level + " alone []");
    assertThat(stderr.size()).isZero();
  }

  @Test
  void logWithContextWritesAttributesBehindTheText() throws Exception {
    Object answer = call("LogWithContext", entry("text", "user", "7", "name", "a é"));
    assertThat(answer).isEqualTo(Response.getDefaultInstance());
    call("LogWithContext", entry("alone\n"));
    call("LogWithContext", entry("ends with a line", "k", "v\n"));
    assertThat(stderr.toString(UTF_8))
        .isEqualTo("text user:7,name:a é\nalone\nends with a line k:v\n");
    assertThat(log.records()).isEmpty();
  }

  private static LogEntry entry(String message, String... namesAndValues) {
    LogEntry.Builder entry = LogEntry.newBuilder().setMessage(message);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      entry.addLogAttrs(
          LogAttrs.newBuilder().setKey(namesAndValues[i]).setValue(namesAndValues[i + 1]));
    }
    return entry.build();
  }

  private @Nullable Object call(String method, LogEntry entry) throws Exception {
    return RpcCalls.call(new AppLoggerPluginRpc(plugin), method, entry);
  }
}

package dev.rr.plugin.logger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.log.Log.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EncodersTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.012345Z");

  private static Record line(String message, @Nullable Object... attributes) {
    return new Record(NOON, Level.INFO, "http", message, null, false, attributes);
  }

  private static String encode(LineEncoder encoder, Record line) {
    LineBuffer out = new LineBuffer();
    encoder.encode(out, line);
    return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
  }

  private static String json(Record line) {
    String text = encode(new JsonEncoder("\n"), line);
    String ts = ",\"ts\":1767355200012345000,";
    assertThat(text).startsWith("{\"level\":\"").contains(ts).endsWith("\n");
    return text.substring(1, text.length() - 1).replace(ts, ",");
  }

  @Test
  void productionIsOneJsonObjectALine() {
    assertThat(json(line("worker is allocated", "status", 201, "ok", true, "took", 1.5)))
        .isEqualTo(
            "\"level\":\"info\",\"logger\":\"http\",\"msg\":\"worker is"
                + " allocated\",\"status\":201,\"ok\":true,\"took\":1.5}");
  }

  @Test
  void timesAreNanosecondsInJsonAndTextElsewhere() {
    assertThat(json(line("m", "start", NOON))).endsWith("\"start\":1767355200012345000}");
    assertThat(encode(new ConsoleEncoder("\n", false), line("m", "start", NOON)))
        .endsWith("{\"start\": \"2026-01-02T12:00:00.012345Z\"}\n");
  }

  @Test
  void jsonEscapesWhatItMust() {
    assertThat(json(line("a\"b\\c\n\t\r\u0001é\uD83D\uDE00\uD83D", "k\"", "v\n")))
        .isEqualTo(
            "\"level\":\"info\",\"logger\":\"http\",\"msg\":\"a\\\"b\\\\c\\n\\t\\r\\u0001é\uD83D\uDE00?\",\"k\\\"\":\"v\\n\"}");
  }

  @Test
  void valuesOfAllSorts() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("a", 1);
    map.put("b", List.of("x", 2L));
    Object broken =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no");
          }
        };
    assertThat(
            json(
                line(
                    "m",
                    "map",
                    map,
                    "null",
                    null,
                    "nan",
                    Double.NaN,
                    "min",
                    Long.MIN_VALUE,
                    "path",
                    Path.of("/a"),
                    "took",
                    Duration.ofMillis(1500),
                    "array",
                    new Object[] {1, "x"},
                    "broken",
                    broken,
                    "alone")))
        .contains("\"map\":{\"a\":1,\"b\":[\"x\",2]}")
        .contains("\"null\":null")
        .contains("\"nan\":\"NaN\"")
        .contains("\"min\":-9223372036854775808")
        .contains("\"path\":\"/a\"")
        .contains("\"took\":\"1.5s\"")
        .contains("\"array\":[1,\"x\"]")
        .contains("toString threw java.lang.IllegalStateException")
        .endsWith("\"alone\":\"\"}");
  }

  @Test
  void anErrorIsItsMessageAndAStackTraceOnlyWhereAsked() {
    Throwable error = new IOException("outer", new IllegalStateException("inner"));
    Record quiet = new Record(NOON, Level.ERROR, "http", "m", error, false, new Object[] {});
    assertThat(json(quiet)).endsWith("\"msg\":\"m\",\"error\":\"outer: inner\"}");
    Record loud = new Record(NOON, Level.ERROR, "http", "m", error, true, new Object[] {});
    assertThat(json(loud)).contains("\"stack\":\"java.io.IOException: outer\\n\\tat ");
    assertThat(encode(new ConsoleEncoder("\n", false), loud)).contains("\nCaused by: ");
    assertThat(encode(new ConsoleEncoder("\n", false), quiet)).doesNotContain("\tat ");
  }

  @Test
  void developmentIsColumns() {
    assertThat(encode(new ConsoleEncoder("\n", false), line("started", "pid", 1, "cmd", "php")))
        .isEqualTo(
            "2026-01-02T12:00:00+0000\tINFO\thttp        \tstarted\t{\"pid\": 1, \"cmd\":"
                + " \"php\"}\n");
    assertThat(encode(new ConsoleEncoder("\n", false), line("bare")))
        .isEqualTo("2026-01-02T12:00:00+0000\tINFO\thttp        \tbare\n");
  }

  @Test
  void coloursLevelAndChannel() {
    assertThat(encode(new ConsoleEncoder("\n", true), line("m")))
        .isEqualTo(
            "2026-01-02T12:00:00+0000\t\u001b[96mINFO\u001b[0m\t\u001b[92mhttp\u001b[0m        "
                + "\tm\n");
  }

  @Test
  void rawIsTheMessageAndItsAttributesWithOneEnding() {
    assertThat(encode(new RawEncoder("\n"), line("http log", "status", 200, "URI", "/a")))
        .isEqualTo("http log\t{\"status\": 200, \"URI\": \"/a\"}\n");
    assertThat(encode(new RawEncoder("\n"), line("m\n", "a", 1))).isEqualTo("m\t{\"a\": 1}\n");
    assertThat(encode(new RawEncoder("\n"), line("m\n"))).isEqualTo("m\n");
    assertThat(encode(new RawEncoder("\r\n"), line("m"))).isEqualTo("m\r\n");
  }

  private static String format(String format, String time, String ending, Record line) {
    return encode(new FormatEncoder(format, time, ending, ZoneOffset.UTC), line);
  }

  @Test
  void formatsFillTheirPlaceholders() {
    assertThat(format("%time% [%level%] %message%", "15:04:05", "\n", line("hello world")))
        .isEqualTo("12:00:00 [INFO] hello world\n");
    assertThat(format("[%logger%] %message% %attrs%", "", "\n", line("request", "status", 200)))
        .isEqualTo("[http] request status=200\n");
    assertThat(format("%message% %attrs%", "", "", line("request", "status", 200, "x", "y z")))
        .isEqualTo("request logger=http status=200 x=y z");
    assertThat(format("%time%", "", "", line("m"))).isEqualTo("2026-01-02T12:00:00Z");
    assertThat(format("%what% 100% %message%", "", ";", line("%level%")))
        .isEqualTo("%what% 100% %level%;");
  }

  @Test
  void formatsTellWhereTheCallStands() {
    String text = format("%source_file% %source_func% %source_line%", "", "", line("m"));
    // The caller outside of this package: the test runner's reflection.
    assertThat(text).matches("\\S+\\.java \\w+ \\d+");
  }

  @Test
  void anyTextIsOneLineOfValidUtf8Json() {
    Random random = new Random(20260102);
    JsonEncoder encoder = new JsonEncoder("\n");
    for (int i = 0; i < 20_000; i++) {
      char[] text = new char[random.nextInt(20)];
      for (int n = 0; n < text.length; n++) {
        text[n] = (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(65536));
      }
      LineBuffer out = new LineBuffer();
      encoder.encode(out, line(new String(text), new String(text), new String(text)));
      byte[] bytes = Arrays.copyOf(out.bytes(), out.size());
      String back = new String(bytes, StandardCharsets.UTF_8);
      assertThat(back.getBytes(StandardCharsets.UTF_8)).isEqualTo(bytes);
      assertThat(back.chars().filter(c -> c < ' ').count()).isEqualTo(1);
    }
  }
}

package dev.rr.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static @Nullable Object read(String json) {
    return JsonReader.read(json.getBytes(StandardCharsets.UTF_8), 0);
  }

  private static String write(@Nullable Object value) {
    return new String(JsonWriter.write(value), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "-0.0, 0",
    "0.1, 0.1",
    "100, 100",
    "1e20, 100000000000000000000",
    "1e21, 1e+21",
    "1.5e300, 1.5e+300",
    "0.000001, 0.000001",
    "0.0000001, 1e-7",
    "-2.5e-9, -2.5e-9",
    "12345.678, 12345.678",
    "1e6, 1000000"
  })
  void writesNumbersAsGoDoes(double number, String text) {
    assertThat(write(number)).isEqualTo(text);
  }

  @Test
  void refusesNumbersThatJsonHasNot() {
    assertThatThrownBy(() -> write(Double.NaN)).hasMessage("json: unsupported value: NaN");
    assertThatThrownBy(() -> write(List.of(Double.POSITIVE_INFINITY)))
        .hasMessage("json: unsupported value: Infinity");
  }

  @Test
  void escapesAsGoDoes() {
    assertThat(write("<a href=\"x\">&\u2028\u2029\u0001\n\t\b\f\r\\ é 😀"))
        .isEqualTo(
            "\"\\u003ca href=\\\"x\\\"\\u003e\\u0026\\u2028\\u2029\\u0001\\n\\t\\b\\f\\r\\\\ é"
                + " 😀\"");
    assertThat(write("\ud83d")).isEqualTo("\"\ufffd\"");
  }

  @Test
  void refusesAValueThatHoldsItself() {
    List<Object> loop = new ArrayList<>();
    loop.add(loop);
    assertThatThrownBy(() -> write(loop)).hasMessage("json: the value is nested too deeply");
  }

  @Test
  void readsEscapesAndMendsSurrogates() {
    assertThat(read("\"\\u00e9\\ud83d\\ude00\\/\\n\"")).isEqualTo("é😀/\n");
    assertThat(read("\"\\ud83dx\"")).isEqualTo("\ufffdx");
    assertThat(JsonReader.read(new byte[] {'"', (byte) 0xff, '"'}, 0)).isEqualTo("\ufffd");
  }

  @Test
  void findsKeysWithoutRegardToCaseButPrefersTheExactOne() {
    FoldingMap map =
        (FoldingMap)
            Objects.requireNonNull(read("{\"NAME\":1,\"name\":2,\"Other\":3,\"null\":null}"));
    assertThat(map.get("name")).isEqualTo(2L);
    assertThat(map.get("Name")).isEqualTo(1L);
    assertThat(map.get("other")).isEqualTo(3L);
    assertThat(map.containsKey("OTHER")).isTrue();
    assertThat(map.get("null")).isNull();
    assertThat(map.get("absent")).isNull();
    assertThat(map.getOrDefault("absent", "x")).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[",
        "[1",
        "[1,",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "tru",
        "\"",
        "\"\\",
        "-",
        "1.",
        "1e",
        "1e+"
      })
  void saysWhenTheInputEndsTooSoon(String json) {
    assertThatThrownBy(() -> read(json)).hasMessage("unexpected end of JSON input");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {a:1}     | invalid character 'a' looking for beginning of object key string
          {"a" 1}   | invalid character '1' after object key
          {"a":1 2} | invalid character '2' after object key:value pair
          [1 2]     | invalid character '2' after array element
          [1,]      | invalid character ']' looking for beginning of value
          trux      | invalid character 'x' in literal true (expecting 'e')
          01        | invalid character '1' after top-level value
          -x        | invalid character 'x' in numeric literal
          "\\q"     | invalid character 'q' in string escape code
          "\\u12g4" | invalid character 'g' in \\u hexadecimal character escape
          "\\u12"   | invalid character '"' in \\u hexadecimal character escape
          """)
  void saysWhichCharacterIsWrong(String json, String text) {
    assertThatThrownBy(() -> read(json)).hasMessage(text);
  }

  @Test
  void refusesDepthInsteadOfOverflowingTheStack() {
    assertThatThrownBy(() -> read("[".repeat(1_000_000))).hasMessage("exceeded max depth");
  }

  @Test
  void whatIsWrittenIsReadBack() {
    for (long seed = 0; seed < 2_000; seed++) {
      Object value = value(new Random(seed), 0);
      assertThat(read(write(value))).as("seed %d", seed).isEqualTo(value);
    }
  }

  private static @Nullable Object value(Random random, int depth) {
    return switch (random.nextInt(depth < 4 ? 7 : 5)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong() >> random.nextInt(64);
      case 3 -> random.nextDouble() * Math.pow(10, random.nextInt(24) - 20) + 0.5;
      case 4 -> text(random);
      case 5 -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          list.add(value(random, depth + 1));
        }
        yield list;
      }
      default -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          map.put(text(random), value(random, depth + 1));
        }
        yield map;
      }
    };
  }

  private static String text(Random random) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(10); i > 0; i--) {
      int point = random.nextInt(random.nextBoolean() ? 128 : 0x11_0000);
      out.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 'x' : point);
    }
    return out.toString();
  }

  @Test
  void mutatedDocumentsAreReadOrRefused() {
    byte[] good =
        "{\"a\":[1,-2.5e3,true,null,\"\\u00e9\\n\"],\"b\":{}}".getBytes(StandardCharsets.UTF_8);
    for (long seed = 0; seed < 50_000; seed++) {
      Random random = new Random(seed);
      byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(good.length + 1));
      for (int i = random.nextInt(4); i > 0 && bad.length > 0; i--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        JsonReader.read(bad, 0);
      } catch (IllegalArgumentException refused) {
        assertThat(refused).as("seed %d", seed).hasMessageMatching("(?s).+");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'[{},{},{},{}]', 600, 900",
    "'{\"a\":1,\"b\":2}', 300, 500",
    "'\"aaaaaaaaaa\"', 50, 70",
    "'\"éé\"', 50, 70",
    "'[[[]]]', 240, 300"
  })
  void tellsAboutHowManyBytesValuesTake(String json, long least, long most) {
    // Steps are told: a thousand times the value shows what one takes.
    String many = "[" + (json + ",").repeat(1_000) + json + "]";
    long[] told = new long[1];
    JsonReader.read(many.getBytes(StandardCharsets.UTF_8), 0, bytes -> told[0] += bytes);
    assertThat(told[0] / 1_000).isBetween(least, most);
  }

  @Test
  void nothingIsMadeThatWouldBeTooMuch() {
    byte[] text = ("\"" + "x".repeat(1_000_000) + "\"").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() ->
            JsonReader.read(
                text,
                0,
                bytes -> {
                  throw new IllegalArgumentException("of " + bytes);
                }))
        .hasMessage("of 1000048");
  }
}

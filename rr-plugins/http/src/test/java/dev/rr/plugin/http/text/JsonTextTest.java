package dev.rr.plugin.http.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {

  private static String write(String bytes) {
    ByteWriter out = new ByteWriter(0);
    JsonText.write(out, bytes);
    assertThat((long) out.size()).as("as announced").isEqualTo(JsonText.length(bytes));
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void escapesWhatJsonWantsEscaped() {
    assertThat(write("a\"\\\n\r\t\0\u001f\u007f<é".substring(0, 10)))
        .isEqualTo("\"a\\\"\\\\\\n\\r\\t\\u0000\\u001f\u007f<\"");
    assertThat(write("")).isEqualTo("\"\"");
    assertThat(write(latin("é€😀"))).isEqualTo("\"é€😀\"");
  }

  /** Hexadecimal bytes, and how many of them become U+FFFD each. */
  @ParameterizedTest
  @CsvSource({
    "80,1",
    "c1bf,2",
    "c2,1",
    "c3a9,0",
    "e080af,3",
    "e0a080,0",
    "ed9fbf,0",
    "eda080,3",
    "e282,2",
    "f08fbfbf,4",
    "f0908080,0",
    "f48fbfbf,0",
    "f4908080,4",
    "f5808080,4",
    "ff,1",
    "c328,1"
  })
  void replacesEachByteThatBelongsToNoUtf8(String hex, int replaced) {
    byte[] bytes = java.util.HexFormat.of().parseHex(hex);
    String written = write(new String(bytes, StandardCharsets.ISO_8859_1));

    assertThat(written.chars().filter(c -> c == '\ufffd').count()).isEqualTo(replaced);
  }

  @Test
  void writesWhatItAnnouncesWhateverTheBytes() {
    long seed = Long.getLong("rr.seed", 20261126);
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      boolean utf8 = dev.rr.http.Targets.isUtf8(text);

      assertThat(write(text).contains("\ufffd")).as("seed %d: %s", seed, text).isEqualTo(!utf8);
    }
  }
}

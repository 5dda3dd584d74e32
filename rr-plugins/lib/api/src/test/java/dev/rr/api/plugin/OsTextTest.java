package dev.rr.api.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OsTextTest {
  @Test
  void textIsText() {
    byte[] bytes = "wörker 日 😀".getBytes(StandardCharsets.UTF_8);
    assertThat(OsText.of(bytes)).isEqualTo("wörker 日 😀");
    assertThat(OsText.bytes("wörker 日 😀")).isEqualTo(bytes);
  }

  @Test
  void otherBytesComeBackAsTheyWere() {
    byte[] latin = "a=w\u00f6rker".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(OsText.of(latin)).isEqualTo("a=w\udcf6rker");
    assertThat(OsText.bytes("a=w\udcf6rker")).isEqualTo(latin);
  }

  @Test
  void noByteIsLostWhateverStandsBesideIt() {
    Random random = new Random(25);
    byte[] alphabet = {'a', (byte) 0xf0, (byte) 0x9f, (byte) 0x98, (byte) 0x80, (byte) 0xed, -1, 0};
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = new byte[random.nextInt(12)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = alphabet[random.nextInt(alphabet.length)];
      }
      assertThat(OsText.bytes(OsText.of(bytes))).isEqualTo(bytes);
    }
  }
}

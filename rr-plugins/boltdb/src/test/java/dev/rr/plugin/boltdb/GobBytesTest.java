package dev.rr.plugin.boltdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GobBytesTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  /** As Go's encoder writes them. */
  @Test
  void readsBytesAndText() {
    assertThat(GobBytes.decode(hex("080a000576616c7565"))).contains("value".getBytes(UTF_8));
    assertThat(GobBytes.decode(hex("030a0000"))).contains(new byte[0]);
    assertThat(GobBytes.decode(hex("fe01310a00fe012c" + "78".repeat(300))))
        .contains("x".repeat(300).getBytes(UTF_8));
    assertThat(GobBytes.decode(hex("080c000576616c7565"))).contains("value".getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "08",
        "080a0005",
        "080a000676616c7565",
        "0804000576616c7565",
        "80",
        "f0ffffff",
        "030a0000ff",
        "76616c7565"
      })
  void refusesWhatIsNone(String gob) {
    assertThat(GobBytes.decode(hex(gob))).isEmpty();
  }
}

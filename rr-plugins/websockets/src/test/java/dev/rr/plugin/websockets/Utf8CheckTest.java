package dev.rr.plugin.websockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class Utf8CheckTest {
  /** Every first byte, and those at both ends of what may follow any of them. */
  private static final int[] EDGES = {
    0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xff
  };

  private static final int[] NONE = {};

  private final List<String> otherwise = new ArrayList<>();

  @Test
  void isOfOneMindWithTheDecoderOfTheJdk() {
    for (int first = 0; first < 256; first++) {
      look((byte) first);
      for (int second : EDGES) {
        look((byte) first, (byte) second);
        for (int third : first < 0xe0 ? NONE : EDGES) {
          look((byte) first, (byte) second, (byte) third);
          for (int fourth : first < 0xf0 ? NONE : EDGES) {
            look((byte) first, (byte) second, (byte) third, (byte) fourth);
          }
        }
      }
    }
    assertThat(otherwise).isEmpty();
  }

  private void look(byte... bytes) {
    if (isText(bytes) != decodes(bytes)) {
      otherwise.add(HexFormat.of().formatHex(bytes));
    }
  }

  private static boolean isText(byte[] bytes) {
    try {
      Utf8Check.require(bytes, 0);
      return true;
    } catch (ProtocolFault e) {
      return false;
    }
  }

  private static boolean decodes(byte[] bytes) {
    try {
      var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}

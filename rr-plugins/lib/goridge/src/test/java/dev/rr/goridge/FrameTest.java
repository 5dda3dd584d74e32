package dev.rr.goridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FrameTest {
  // Exchanged with the real PHP packages; options are separated by blanks.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "9   | 0 |             | {\"pid\":1234}            | 13090c0000005f0c46730000",
        "1   | 0 |             | {\"pid\":4321}            | 13010c0000009e4736430000",
        "9   | 0 |             | {\"stop\":true}           | 13090d0000003a6bfacb0000",
        "0   | 0 | 13          | {\"stop\":true}           | 14000d000000f339efdb00000d000000",
        "0   | 0 | 0           | hello                     | 1400050000001c115b1e000000000000",
        "128 | 0 | 0           | hello                     | 1480050000008ea1bdaf000000000000",
        "64  | 0 |             | hello                     | 134005000000ed79ad5b0000",
        "128 | 1 | 0           | abc                       | 14800300000052fed68a010000000000",
        "128 | 5 | 0           | abc                       | 14800300000052fed68a050000000000",
        "0   | 2 |             | ``                        | 13000000000096d180340200",
        "0   | 8 |             | ``                        | 13000000000096d180340800",
        "8   | 0 | 2           | {}body                    | 14080600000033f59e3c000002000000",
        "8   | 0 | 1 16        | informer.Workers\"http\"  |"
            + " 1508160000000971dba700000100000010000000",
        "72  | 0 | 1 16        | informer.Workersboom      | 154814000000cbe12155000001000000"
            + "10000000",
      })
  void writesAndReadsTheBytesThatPhpKnows(
      int flags, int stream, String options, String payload, String header) {
    int[] values =
        options == null
            ? new int[0]
            : java.util.Arrays.stream(options.split(" ")).mapToInt(Integer::parseInt).toArray();
    byte[] frame = Frame.of(flags, stream, payload.getBytes(UTF_8), values);
    byte[] expected = (hex(header) + hex(payload.getBytes(UTF_8))).getBytes(UTF_8);
    assertThat(HexFormat.of().formatHex(frame).getBytes(UTF_8)).isEqualTo(expected);
    assertReads(frame, flags, stream, payload.length(), values);
  }

  @Test
  void keepsOptionsAndTheLongestPayload() {
    byte[] header = new byte[Frame.MAX_HEADER];
    int length = Frame.header(header, 0, 8, 0, Frame.MAX_PAYLOAD, 323423432, 1213231);
    assertThat(length).isEqualTo(20);
    assertReads(header, 8, 0, 0xFFFFFFFFL, 323423432, 1213231);
  }

  @Test
  void refusesWhatTheFormatCannotSay() {
    byte[] header = new byte[100];
    assertThatThrownBy(() -> Frame.header(header, 0, 0, 0, 0, new int[11]))
        .hasMessageContaining("at most 10 options, not 11");
    assertThatThrownBy(() -> Frame.header(header, 0, 0, 0, 1L << 32))
        .hasMessageContaining("4294967296");
    assertThatThrownBy(() -> Frame.header(header, 0, 0, 0, -1)).hasMessageContaining("-1");
  }

  @Test
  void doesNotChecksumStreamBitsButEveryBitBefore() {
    byte[] frame = Frame.of(Frame.PROTO, 0, new byte[3], 0);
    frame[10] = Frame.STREAM | Frame.PING;
    assertThat(Frame.valid(frame, 0)).isTrue();
    for (int bit = 0; bit < 80; bit++) {
      frame[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(Frame.valid(frame, 0)).as("bit %d", bit).isFalse();
      frame[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void takesNoOptionsForAHeaderLengthBelowThreeAndRefusesOneAboveThirteen() {
    for (int words = 0; words < 16; words++) {
      byte[] header = new byte[12];
      header[0] = (byte) (0x10 | words);
      CRC32 crc = new CRC32();
      crc.update(header, 0, 6);
      ByteBuffer.wrap(header).putInt(6, Integer.reverseBytes((int) crc.getValue()));
      assertThat(Frame.valid(header, 0)).isEqualTo(words <= 13);
      assertThat(Frame.headerLength(header[0])).isEqualTo(Math.max(12, 4 * words));
    }
  }

  @Test
  void readsWhateverItWrote() {
    long seed = Long.getLong("rr.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      int at = random.nextInt(20);
      byte[] bytes = new byte[at + Frame.MAX_HEADER];
      random.nextBytes(bytes);
      int[] options = random.ints(random.nextInt(11)).toArray();
      int flags = random.nextInt(256);
      int stream = random.nextInt(256);
      long payload = random.nextLong(Frame.MAX_PAYLOAD + 1);
      int length = Frame.header(bytes, at, flags, stream, payload, options);
      assertThat(length).as("seed %d", seed).isEqualTo(12 + 4 * options.length);
      byte[] header = java.util.Arrays.copyOfRange(bytes, at, at + length);
      assertReads(header, flags, stream, payload, options);
    }
  }

  private static void assertReads(
      byte[] frame, int flags, int stream, long payload, int... options) {
    ByteBuffer buffer = ByteBuffer.wrap(frame);
    assertThat(Frame.valid(frame, 0)).isTrue();
    assertThat(Frame.valid(buffer, 0)).isTrue();
    assertThat(Frame.flags(frame, 0)).isEqualTo(flags).isEqualTo(Frame.flags(buffer, 0));
    assertThat(Frame.stream(frame, 0)).isEqualTo(stream).isEqualTo(Frame.stream(buffer, 0));
    assertThat(Frame.payload(frame, 0)).isEqualTo(payload).isEqualTo(Frame.payload(buffer, 0));
    assertThat(Frame.options(frame[0])).isEqualTo(options.length);
    for (int i = 0; i < options.length; i++) {
      assertThat(Frame.option(frame, 0, i))
          .isEqualTo(options[i])
          .isEqualTo(Frame.option(buffer, 0, i));
    }
  }

  private static String hex(String text) {
    return text.replace(" ", "");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}

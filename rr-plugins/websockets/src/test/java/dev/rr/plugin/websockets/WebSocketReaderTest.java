package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients send, as RFC 6455 and the Autobahn suite have it. */
class WebSocketReaderTest {
  private static final int LIMIT = 70_000;

  private final List<String> seen = new ArrayList<>();

  private final class Recorder implements WebSocketReader.Sink {
    @Override
    public void message(byte[] payload, boolean text, boolean packed) {
      seen.add(
          (text ? "text " : "binary ") + (packed ? "packed " : "") + new String(payload, UTF_8));
    }

    @Override
    public void ping(byte[] payload) {
      seen.add("ping " + new String(payload, UTF_8));
    }

    @Override
    public void pong() {
      seen.add("pong");
    }

    @Override
    public void close(int code) {
      seen.add("close " + code);
    }
  }

  /** Reads in pieces of a size; answers what was seen, a fault as its code. */
  private List<String> read(byte[] bytes, int piece) {
    return read(bytes, piece, false);
  }

  private List<String> read(byte[] bytes, int piece, boolean packing) {
    seen.clear();
    WebSocketReader reader = new WebSocketReader(LIMIT, packing, new Recorder());
    try {
      for (int from = 0; from < bytes.length; from += piece) {
        reader.read(ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from)));
      }
    } catch (ProtocolFault e) {
      seen.add("fault " + e.code());
    }
    return List.copyOf(seen);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65_535, 65_536, 70_000})
  void aMessageOfAnyLengthComesWholeHoweverItWasCut(int length) {
    String text = "x".repeat(length);
    byte[] frame = ClientFrames.text(text);
    for (int piece : new int[] {1, 2, 7, 1000, frame.length}) {
      assertThat(read(frame, piece)).containsExactly("text " + text);
    }
  }

  @Test
  void controlFramesMayStandBetweenThePartsOfAMessage() {
    byte[] all =
        ClientFrames.join(
            ClientFrames.frame(Frames.TEXT, bytes("Hel")),
            ClientFrames.frame(Frames.FIN | Frames.PING, bytes("?")),
            ClientFrames.frame(Frames.CONTINUATION, bytes("")),
            ClientFrames.frame(Frames.FIN | Frames.PONG, bytes("any")),
            ClientFrames.frame(Frames.FIN | Frames.CONTINUATION, bytes("lo")),
            ClientFrames.frame(Frames.FIN | Frames.BINARY, bytes("b")),
            ClientFrames.close(1000));
    for (int piece = 1; piece < 10; piece++) {
      assertThat(read(all, piece))
          .containsExactly("ping ?", "pong", "text Hello", "binary b", "close 1000");
    }
  }

  @Test
  void aCharacterMayBeCutBetweenTwoFrames() {
    byte[] euro = bytes("\u20ac");
    byte[] all =
        ClientFrames.join(
            ClientFrames.frame(Frames.TEXT, new byte[] {euro[0]}),
            ClientFrames.frame(Frames.FIN | Frames.CONTINUATION, new byte[] {euro[1], euro[2]}));
    assertThat(read(all, 1)).containsExactly("text \u20ac");
  }

  @Test
  void textThatIsNoUtf8IsAFault() {
    byte[] bad = {(byte) 0xce, (byte) 0xba, (byte) 0xed, (byte) 0xa0, (byte) 0x80};
    assertThat(read(ClientFrames.frame(Frames.FIN | Frames.TEXT, bad), 3))
        .containsExactly("fault 1007");
    byte[] cut = ClientFrames.frame(Frames.FIN | Frames.TEXT, Arrays.copyOf(bad, 1));
    assertThat(read(cut, 3)).containsExactly("fault 1007");
  }

  @Test
  void theRestOfATextThatIsNoUtf8IsNotWaitedFor() {
    byte[] all = ClientFrames.frame(Frames.TEXT, new byte[] {'a', (byte) 0xc0, 'a', 'a'});
    assertThat(read(Arrays.copyOf(all, all.length - 1), 1)).containsExactly("fault 1007");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x91, 0xa1, 0xc1, 0xf1, 0x83, 0x87, 0x8b, 0x8f, 0x80, 0xc9, 0x09, 0x08})
  void reservedBitsAndOpcodesFragmentedControlsAndContinuationsOfNothingAreFaults(int first) {
    assertThat(read(ClientFrames.frame(first, bytes("")), 1)).containsExactly("fault 1002");
  }

  @Test
  void aControlFrameThatIsTooLongIsAFault() {
    byte[] frame = ClientFrames.frame(Frames.FIN | Frames.PING, new byte[126]);
    assertThat(read(frame, 5)).containsExactly("fault 1002");
  }

  @Test
  void aMessageWithinAnotherIsAFault() {
    byte[] all =
        ClientFrames.join(ClientFrames.frame(Frames.TEXT, bytes("a")), ClientFrames.text("b"));
    assertThat(read(all, all.length)).containsExactly("fault 1002");
  }

  @Test
  void aFrameWithoutAMaskIsAFault() {
    assertThat(read(Frames.text(bytes("hi"), false), 1)).containsExactly("fault 1002");
  }

  @Test
  void aNegativeLengthIsAFault() {
    byte[] head = {(byte) 0x81, (byte) 0xff, -1, -1, -1, -1, -1, -1, -1, -1, 1, 2, 3, 4};
    assertThat(read(head, 1)).containsExactly("fault 1002");
  }

  @Test
  void aMessageBeyondTheLimitIsAFaultBeforeItHasCome() {
    byte[] whole = ClientFrames.frame(Frames.FIN | Frames.TEXT, new byte[LIMIT + 1]);
    byte[] head = new byte[14];
    System.arraycopy(whole, 0, head, 0, head.length);
    assertThat(read(head, head.length)).containsExactly("fault 1009");
    byte[] parts =
        ClientFrames.join(
            ClientFrames.frame(Frames.TEXT, new byte[LIMIT]),
            ClientFrames.frame(Frames.FIN | Frames.CONTINUATION, new byte[1]));
    assertThat(read(parts, 5000)).containsExactly("fault 1009");
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999})
  void closeCodesThatMayBeSentAreTold(int code) {
    assertThat(read(ClientFrames.close(code), 1)).containsExactly("close " + code);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535})
  void otherCloseCodesAreFaults(int code) {
    assertThat(read(ClientFrames.close(code), 1)).containsExactly("fault 1002");
  }

  @Test
  void aCloseFrameMayBeEmptyButNotOfOneByteAndItsReasonIsText() {
    int close = Frames.FIN | Frames.CLOSE;
    assertThat(read(ClientFrames.frame(close, new byte[0]), 1)).containsExactly("close 1005");
    assertThat(read(ClientFrames.frame(close, new byte[1]), 1)).containsExactly("fault 1002");
    assertThat(read(ClientFrames.frame(close, new byte[] {3, (byte) 0xe8, -1}), 1))
        .containsExactly("fault 1007");
  }

  @Test
  void packedMessagesAreTakenWhereTheyWereAgreedOnAlone() {
    int first = Frames.FIN | Frames.RSV1 | Frames.TEXT;
    assertThat(read(ClientFrames.frame(first, bytes("p")), 1, true))
        .containsExactly("text packed p");
    assertThat(read(ClientFrames.frame(first, bytes("p")), 1)).containsExactly("fault 1002");
    byte[] second =
        ClientFrames.join(
            ClientFrames.frame(Frames.TEXT, bytes("a")),
            ClientFrames.frame(Frames.FIN | Frames.RSV1, bytes("b")));
    assertThat(read(second, 1, true)).containsExactly("fault 1002");
  }
}

package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Frames as a server sends them: whole and unmasked (RFC 6455, section 5). */
final class Frames {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  /** The longest payload of a control frame. */
  static final int CONTROL = 125;

  static final int FIN = 0x80;

  /** Says that a message is packed (RFC 7692, section 6). */
  static final int RSV1 = 0x40;

  // Close codes (RFC 6455, section 7.4.1, and IANA's registry).
  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int PROTOCOL_ERROR = 1002;
  static final int NO_STATUS = 1005;
  static final int INVALID_PAYLOAD = 1007;
  static final int TOO_BIG = 1009;
  static final int TRY_AGAIN_LATER = 1013;

  private Frames() {}

  static byte[] text(byte[] payload, boolean packed) {
    return frame(packed ? FIN | RSV1 | TEXT : FIN | TEXT, payload);
  }

  static byte[] ping() {
    return frame(FIN | PING, new byte[0]);
  }

  static byte[] pong(byte[] payload) {
    return frame(FIN | PONG, payload);
  }

  /** A close frame; its reason is cut to what fits. */
  static byte[] close(int code, String reason) {
    if (code == NO_STATUS) {
      return frame(FIN | CLOSE, new byte[0]);
    }
    byte[] text = reason.getBytes(UTF_8);
    byte[] payload =
        Arrays.copyOf(
            new byte[] {(byte) (code >> 8), (byte) code}, 2 + Math.min(text.length, CONTROL - 2));
    System.arraycopy(text, 0, payload, 2, payload.length - 2);
    return frame(FIN | CLOSE, payload);
  }

  /** Any frame, whose first byte is given whole. */
  static byte[] frame(int first, byte[] payload) {
    int length = payload.length;
    int head = length <= CONTROL ? 2 : length <= 0xffff ? 4 : 10;
    byte[] frame = new byte[head + length];
    frame[0] = (byte) first;
    if (head == 2) {
      frame[1] = (byte) length;
    } else if (head == 4) {
      frame[1] = 126;
      frame[2] = (byte) (length >> 8);
      frame[3] = (byte) length;
    } else {
      // The upper four bytes of the length stay zero.
      frame[1] = 127;
      for (int i = 0; i < 4; i++) {
        frame[6 + i] = (byte) (length >> 24 - 8 * i);
      }
    }
    System.arraycopy(payload, 0, frame, head, length);
    return frame;
  }
}

package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/** Frames as a client sends them: masked. */
final class ClientFrames {
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private ClientFrames() {}

  static byte[] text(String text) {
    return frame(Frames.FIN | Frames.TEXT, text.getBytes(UTF_8));
  }

  static byte[] close(int code) {
    return frame(Frames.FIN | Frames.CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }

  /** Any frame, whose first byte is given whole. */
  static byte[] frame(int first, byte[] payload) {
    int length = payload.length;
    ByteBuffer out = ByteBuffer.allocate(14 + length);
    out.put((byte) first);
    if (length < 126) {
      out.put((byte) (0x80 | length));
    } else if (length < 0x10000) {
      out.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      out.put((byte) (0x80 | 127)).putLong(length);
    }
    out.put(MASK);
    for (int i = 0; i < length; i++) {
      out.put((byte) (payload[i] ^ MASK[i & 3]));
    }
    byte[] frame = new byte[out.position()];
    out.flip().get(frame);
    return frame;
  }

  static byte[] join(byte[]... frames) {
    int length = 0;
    for (byte[] frame : frames) {
      length += frame.length;
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (byte[] frame : frames) {
      all.put(frame);
    }
    return all.array();
  }
}

package dev.rr.plugin.websockets;

/**
 * Looks whether bytes that come in parts are UTF-8 (RFC 3629), and says no at the first that cannot
 * be. One thread.
 */
final class Utf8Check {
  /** How many bytes the character that has begun still needs. */
  private int needed;

  // Between which the next of them has to be: no overlong forms, no surrogates, no more than there
  // are.
  private int low;
  private int high;

  /** Throws unless bytes from an index on are text. */
  static void require(byte[] bytes, int from) throws ProtocolFault {
    Utf8Check check = new Utf8Check();
    check.add(bytes, from, bytes.length);
    check.end();
  }

  /** Takes the bytes from one index to another. */
  void add(byte[] bytes, int from, int to) throws ProtocolFault {
    for (int i = from; i < to; i++) {
      int next = bytes[i] & 0xff;
      if (needed > 0) {
        goOn(next);
      } else if (next > 0x7f) {
        begin(next);
      }
    }
  }

  private void begin(int first) throws ProtocolFault {
    if (first < 0xc2 || first > 0xf4) {
      throw fault();
    }
    needed = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  }

  private void goOn(int next) throws ProtocolFault {
    if (next < low || next > high) {
      throw fault();
    }
    needed--;
    low = 0x80;
    high = 0xbf;
  }

  /** Nothing more comes: the last character has to be whole. Another text may begin. */
  void end() throws ProtocolFault {
    if (needed > 0) {
      throw fault();
    }
  }

  private static ProtocolFault fault() {
    return new ProtocolFault(Frames.INVALID_PAYLOAD, "text is not UTF-8");
  }
}

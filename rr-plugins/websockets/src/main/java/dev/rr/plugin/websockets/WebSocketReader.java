package dev.rr.plugin.websockets;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes frames of a client apart and puts the parts of messages together, within a bound (RFC 6455,
 * sections 5 and 7). Holds no memory between messages. One thread.
 */
final class WebSocketReader {
  private static final byte[] NOTHING = {};

  /** The longest head: two bytes, eight of the length, four of the mask. */
  private static final int LONGEST_HEAD = 14;

  /** What is made room for at first, when a frame says that it has more. */
  private static final int FIRST_ROOM = 4096;

  private final int limit;
  private final boolean packing;
  private final Sink sink;

  private final byte[] head = new byte[LONGEST_HEAD];
  private int headLength;

  /** Of the frame that began; 0 when none has, since then every byte belongs to a head. */
  private boolean inPayload;

  private int opcode;
  private boolean fin;
  private long remaining;
  private int maskAt;
  private int maskOffset;

  /** The message so far, of all its frames. */
  private byte[] message = NOTHING;

  private int messageLength;

  /** TEXT or BINARY while a message is under way, else 0. */
  private int messageOpcode;

  private boolean packed;

  /** Of the text so far; one that is packed is looked at when it is whole. */
  private final Utf8Check text = new Utf8Check();

  private byte[] control = NOTHING;
  private int controlLength;

  /** Gets what was read. */
  interface Sink {
    /** A message, whole; text that is not packed is UTF-8. */
    void message(byte[] payload, boolean text, boolean packed) throws ProtocolFault;

    /** The client asks for a sign of life. */
    void ping(byte[] payload);

    /** A sign of life. */
    void pong();

    /** The client closes; {@link Frames#NO_STATUS} when it says no code. */
    void close(int code);
  }

  /**
   * A reader of one connection.
   *
   * @param limit of a message, in bytes as they come
   * @param packing whether messages may be packed
   */
  WebSocketReader(int limit, boolean packing, Sink sink) {
    this.limit = limit;
    this.packing = packing;
    this.sink = sink;
  }

  /** Reads what is there. After a fault, or once the client has closed, it is not called again. */
  void read(ByteBuffer in) throws ProtocolFault {
    while (in.hasRemaining()) {
      if (!inPayload && !readHead(in)) {
        return;
      }
      if (readPayload(in)) {
        inPayload = false;
        headLength = 0;
        endFrame();
      }
    }
  }

  /** What a message that is not whole yet takes, in bytes. */
  int held() {
    return message.length;
  }

  /** Nothing more is read. */
  void release() {
    message = NOTHING;
  }

  /** Whether a head is complete. */
  private boolean readHead(ByteBuffer in) throws ProtocolFault {
    while (in.hasRemaining()) {
      head[headLength++] = in.get();
      if (headLength == 2) {
        checkFirst();
      }
      if (headLength >= 2 && headLength == headSize()) {
        beginFrame();
        return true;
      }
    }
    return false;
  }

  private int headSize() {
    int length = head[1] & 0x7f;
    return 6 + (length < 126 ? 0 : length == 126 ? 2 : 8);
  }

  private void checkFirst() throws ProtocolFault {
    int code = head[0] & 0x0f;
    boolean control = code >= Frames.CLOSE;
    boolean isPacked = (head[0] & Frames.RSV1) != 0;
    if ((head[0] & 0x30) != 0 || isPacked && (!packing || control || code == Frames.CONTINUATION)) {
      throw broken("a reserved bit is set");
    }
    if (code > Frames.PONG || code > Frames.BINARY && !control) {
      throw broken("opcode " + code + " is reserved");
    }
    if ((head[1] & 0x80) == 0) {
      throw broken("the frame is not masked");
    }
    boolean last = (head[0] & Frames.FIN) != 0;
    if (control && (!last || (head[1] & 0x7f) > Frames.CONTROL)) {
      throw broken("a control frame is fragmented or too long");
    }
    if (code == Frames.CONTINUATION && messageOpcode == 0) {
      throw broken("a continuation of nothing");
    }
    if (!control && code != Frames.CONTINUATION && messageOpcode != 0) {
      throw broken("a message within another");
    }
  }

  private static ProtocolFault broken(String what) {
    return new ProtocolFault(Frames.PROTOCOL_ERROR, what);
  }

  private void beginFrame() throws ProtocolFault {
    opcode = head[0] & 0x0f;
    fin = (head[0] & Frames.FIN) != 0;
    maskAt = headLength - 4;
    maskOffset = 0;
    remaining = length();
    inPayload = true;
    if (opcode >= Frames.CLOSE) {
      control = remaining == 0 ? NOTHING : new byte[(int) remaining];
      controlLength = 0;
      return;
    }
    if (opcode != Frames.CONTINUATION) {
      messageOpcode = opcode;
      packed = (head[0] & Frames.RSV1) != 0;
    }
    if (remaining > limit - messageLength) {
      throw new ProtocolFault(Frames.TOO_BIG, "a message has more than " + limit + " bytes");
    }
  }

  private long length() throws ProtocolFault {
    int length = head[1] & 0x7f;
    if (length < 126) {
      return length;
    }
    int bytes = length == 126 ? 2 : 8;
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | head[2 + i] & 0xff;
    }
    if (value < 0) {
      throw broken("the length of a frame is negative");
    }
    return value;
  }

  /** Whether the payload is complete. */
  private boolean readPayload(ByteBuffer in) throws ProtocolFault {
    int count = (int) Math.min(remaining, in.remaining());
    if (count > 0) {
      if (opcode >= Frames.CLOSE) {
        unmask(in, control, controlLength, count);
        controlLength += count;
      } else {
        reserve(count);
        unmask(in, message, messageLength, count);
        messageLength += count;
        if (isPlainText()) {
          text.add(message, messageLength - count, messageLength);
        }
      }
      remaining -= count;
    }
    return remaining == 0;
  }

  private boolean isPlainText() {
    return messageOpcode == Frames.TEXT && !packed;
  }

  /** Room for what has arrived, not for what a head promises. */
  private void reserve(int more) {
    int needed = messageLength + more;
    if (needed > message.length) {
      int doubled = Math.max(message.length * 2, (int) Math.min(FIRST_ROOM, more + remaining));
      message = Arrays.copyOf(message, Math.max(needed, Math.min(doubled, limit)));
    }
  }

  private void unmask(ByteBuffer in, byte[] to, int at, int count) {
    in.get(to, at, count);
    for (int i = at; i < at + count; i++) {
      to[i] ^= head[maskAt + (maskOffset++ & 3)];
    }
    maskOffset &= 3;
  }

  private void endFrame() throws ProtocolFault {
    switch (opcode) {
      case Frames.PING -> sink.ping(control);
      case Frames.PONG -> sink.pong();
      case Frames.CLOSE -> sink.close(closeCode());
      default -> {
        if (fin) {
          endMessage();
        }
      }
    }
  }

  private void endMessage() throws ProtocolFault {
    if (isPlainText()) {
      text.end();
    }
    byte[] whole =
        message.length == messageLength ? message : Arrays.copyOf(message, messageLength);
    boolean isText = messageOpcode == Frames.TEXT;
    message = NOTHING;
    messageLength = 0;
    messageOpcode = 0;
    sink.message(whole, isText, packed);
  }

  private int closeCode() throws ProtocolFault {
    if (control.length == 0) {
      return Frames.NO_STATUS;
    }
    if (control.length == 1) {
      throw broken("a close frame of one byte");
    }
    int code = (control[0] & 0xff) << 8 | control[1] & 0xff;
    if (!mayBeSent(code)) {
      throw broken("the close code " + code + " is not to be sent");
    }
    Utf8Check.require(control, 2);
    return code;
  }

  private static boolean mayBeSent(int code) {
    return code >= 1000 && code <= 1003
        || code >= 1007 && code <= 1014
        || code >= 3000 && code <= 4999;
  }
}

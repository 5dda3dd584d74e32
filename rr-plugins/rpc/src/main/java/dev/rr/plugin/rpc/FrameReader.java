package dev.rr.plugin.rpc;

import dev.rr.goridge.Frame;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a connection's bytes into request frames. A payload is read straight into an array of its
 * size; the argument of one that is longer than the limit is passed over, so that its caller can be
 * told. Touched by the connection's event loop only.
 */
final class FrameReader {
  /** A request has two options: header and options are this long. */
  static final int HEAD = Frame.HEADER + 8;

  /** A longer name of a method is taken for noise when its argument is too long as well. */
  private static final int MAX_NAME = 1_024;

  private final long limit;
  private final byte[] head = new byte[HEAD];
  private int headFilled;
  private byte @Nullable [] payload;
  private int payloadFilled;
  private long toSkip;

  /**
   * A reader at the start of a frame.
   *
   * @param limit the longest payload that is taken, in bytes
   */
  FrameReader(long limit) {
    this.limit = limit;
  }

  /** Bytes may be missing: the peer owes the rest of a frame. */
  boolean isInFrame() {
    return headFilled > 0;
  }

  /**
   * The length of a payload that will be taken, once its head is known and before any of it was
   * read; else 0. Whoever wants to wait for room does so now.
   */
  long announced() {
    return headFilled == HEAD && payload == null && length() <= limit ? length() : 0;
  }

  /** Reads a frame's head as far as there are bytes. */
  void readHead(ByteBuf in) throws BrokenFrame {
    if (headFilled < HEAD) {
      int more = Math.min(HEAD - headFilled, in.readableBytes());
      in.readBytes(head, headFilled, more);
      headFilled += more;
      // Noise is told from the first bytes: nobody waits for the rest of it.
      if (headFilled > 0 && Frame.headerLength(head[0]) != HEAD) {
        throw new BrokenFrame("a request has two options: sequence and method length");
      }
      if (headFilled == HEAD) {
        checkHead();
      }
    }
  }

  private void checkHead() throws BrokenFrame {
    if (!Frame.valid(head, 0)) {
      throw new BrokenFrame("the header's version or checksum is wrong");
    }
    long name = Frame.option(head, 0, 1) & Frame.MAX_PAYLOAD;
    if (name > length()) {
      throw new BrokenFrame("method length offset exceeds payload bounds");
    }
    if (length() > limit && name > MAX_NAME) {
      throw new BrokenFrame("the payload of " + length() + " bytes is over the limit of " + limit);
    }
  }

  /**
   * Reads on; returns a request when its frame is whole, else null when there are no more bytes.
   */
  @Nullable Call readPayload(ByteBuf in) {
    if (headFilled < HEAD) {
      return null;
    }
    if (payload == null) {
      boolean whole = length() <= limit;
      payload = new byte[whole ? (int) length() : Frame.option(head, 0, 1)];
      toSkip = length() - payload.length;
    }
    int more = Math.min(payload.length - payloadFilled, in.readableBytes());
    in.readBytes(payload, payloadFilled, more);
    payloadFilled += more;
    if (payloadFilled < payload.length) {
      return null;
    }
    int skip = (int) Math.min(toSkip, in.readableBytes());
    in.skipBytes(skip);
    toSkip -= skip;
    return toSkip > 0 ? null : finish(payload);
  }

  private Call finish(byte[] whole) {
    Call call =
        new Call(
            Frame.option(head, 0, 0),
            Frame.flags(head, 0),
            whole,
            Frame.option(head, 0, 1),
            length() - whole.length);
    headFilled = 0;
    payload = null;
    payloadFilled = 0;
    return call;
  }

  private long length() {
    return Frame.payload(head, 0);
  }

  /** The bytes are no request; the connection cannot go on. */
  static final class BrokenFrame extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenFrame(String message) {
      super(message, null, false, false);
    }
  }
}

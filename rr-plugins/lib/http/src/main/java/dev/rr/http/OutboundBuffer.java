package dev.rr.http;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Memory for a piece of a file on its way to the client. Made on the loop, filled by one other
 * thread, and then either sent or dropped on the loop.
 */
public interface OutboundBuffer {
  /** Where the file is read into, from its position to its limit; the same buffer each time. */
  ByteBuffer bytes();

  /** Sends all of it, from the first byte to the limit. */
  void send();

  /** Releases it unsent. */
  void drop();

  /** Memory of the heap, which need not be released. */
  static OutboundBuffer of(ByteBuffer bytes, Consumer<ByteBuffer> sender) {
    return new OutboundBuffer() {
      @Override
      public ByteBuffer bytes() {
        return bytes;
      }

      @Override
      public void send() {
        sender.accept(bytes.rewind());
      }

      @Override
      public void drop() {}
    };
  }
}

package dev.rr.http;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Memory for a piece of a file on its way to the client. Made on the loop, filled by one other
 * thread, and then either sent or dropped on the loop.
 */
public interface OutboundBuffer {
  /** Where the file is read into, from its position to its limit; the same buffer each time. */
  ByteBuffer room();

  /** Sends all of the room. */
  void send();

  /** Lets go of it unsent. */
  void drop();

  /** Memory of the heap, which needs no letting go. */
  static OutboundBuffer of(ByteBuffer room, Consumer<ByteBuffer> sender) {
    return new OutboundBuffer() {
      @Override
      public ByteBuffer room() {
        return room;
      }

      @Override
      public void send() {
        sender.accept(room.rewind());
      }

      @Override
      public void drop() {}
    };
  }
}

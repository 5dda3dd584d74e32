package dev.rr.pool;

import dev.rr.goridge.Relay;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Memory of relays that are gone, for those that come: in debug mode there is one relay a request.
 * Any thread.
 */
final class BufferPool {
  private static final int MOST = 32;

  private final ConcurrentLinkedDeque<Relay.Buffers> free = new ConcurrentLinkedDeque<>();

  Relay.Buffers borrow() {
    Relay.Buffers buffers = free.poll();
    return buffers == null ? Relay.Buffers.allocate() : buffers;
  }

  void giveBack(Relay.Buffers buffers) {
    if (free.size() < MOST) {
      free.push(buffers);
    }
  }
}

package dev.rr.netty;

import io.netty.channel.Channel;
import java.time.Duration;

/**
 * Notices that bytes wait for a client that takes none of them, where all connections are looked at
 * in turn. Where one is looked at only while it owes something, as in rpc and on plain listeners, a
 * comparison with what was before is all there is to it. One thread.
 */
public final class Stall {
  private long waited;
  private long since;

  /** Whether bytes waited when last looked. */
  public boolean waits() {
    return waited > 0;
  }

  /**
   * Whether what waits in a channel's queue has waited for longer than {@code limit}.
   *
   * @param uncounted bytes in the queue that it does not count itself
   */
  public boolean lasts(Channel channel, long uncounted, long now, Duration limit) {
    var queue = channel.unsafe().outboundBuffer();
    long waiting =
        queue == null
            ? 0
            : queue.totalPendingWriteBytes() + uncounted - Math.max(0, queue.currentProgress());
    return lasts(Math.max(0, waiting), false, now, limit);
  }

  /**
   * Whether nothing has moved for longer than {@code limit}.
   *
   * @param waiting bytes; fewer than before are a move
   * @param moved whether there is another sign of a move
   */
  public boolean lasts(long waiting, boolean moved, long now, Duration limit) {
    if (waiting == 0 || waiting < waited || waited == 0 || moved) {
      since = now;
    }
    waited = waiting;
    return waiting > 0 && now - since > limit.toNanos();
  }
}

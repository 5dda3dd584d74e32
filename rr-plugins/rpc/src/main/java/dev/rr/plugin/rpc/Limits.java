package dev.rr.plugin.rpc;

import java.time.Duration;

/**
 * Bounds of the RPC socket.
 *
 * @param payload the longest payload of a request, in bytes; a longer one is answered with an error
 * @param budget what the calls of all connections may take together, in bytes: payloads, decoded
 *     arguments, and answers that wait to be read. Further requests wait unread
 * @param inFlight calls of one connection that run at once; further ones wait unread
 * @param stall how long a peer may make no progress inside a frame or on answers that wait for it
 */
record Limits(long payload, long budget, int inFlight, Duration stall) {
  /** A payload may be this long however large the heap: 256 MiB. */
  private static final long MAX_PAYLOAD = 256L << 20;

  Limits {
    if (Lease.admission(payload) > Budget.largest(budget)) {
      throw new IllegalArgumentException("the longest payload would never fit into the budget");
    }
  }

  /** The limits for the heap this process has: an eighth of it for one payload, a third for all. */
  static Limits forHeap() {
    long heap = Runtime.getRuntime().maxMemory();
    return new Limits(Math.min(MAX_PAYLOAD, heap / 8), heap / 3, 256, Duration.ofSeconds(30));
  }
}

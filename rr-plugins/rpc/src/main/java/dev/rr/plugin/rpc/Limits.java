package dev.rr.plugin.rpc;

import java.time.Duration;

/**
 * Bounds of the RPC socket.
 *
 * @param payload the longest payload of a request, in bytes; a longer one is answered with an error
 * @param budget what requests of more than 64 KiB may take together, in bytes; further ones wait
 *     unread
 * @param inFlight calls of one connection that run at once; further ones wait unread
 * @param stall how long a peer may make no progress inside a frame or on answers that wait for it
 */
record Limits(long payload, long budget, int inFlight, Duration stall) {
  /** A payload may be this long however large the heap: 256 MiB. */
  private static final long MAX_PAYLOAD = 256L << 20;

  /** The limits for the heap this process has: a quarter of it for one payload, half for all. */
  static Limits forHeap() {
    long heap = Runtime.getRuntime().maxMemory();
    return new Limits(Math.min(MAX_PAYLOAD, heap / 4), heap / 2, 256, Duration.ofSeconds(30));
  }
}

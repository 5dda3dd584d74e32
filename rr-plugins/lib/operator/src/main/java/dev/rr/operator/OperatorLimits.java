package dev.rr.operator;

import java.time.Duration;

/**
 * What clients of a plain listener may use up.
 *
 * @param head bytes that a request's head may have
 * @param body bytes that its body may have, which is held in memory
 * @param memory bytes that all requests may take together, from their arrival to the end of their
 *     answers; who finds no room is answered with 503
 * @param connections that may be open at once; more wait unaccepted
 * @param idle how long a connection may be without a request
 * @param read how long a request may take to arrive, from its first byte to its last
 * @param write how long a client may take nothing of its answer
 */
public record OperatorLimits(
    int head,
    int body,
    long memory,
    int connections,
    Duration idle,
    Duration read,
    Duration write) {
  /** Upstream's ten seconds, room for long paths and cookies, and thousands of connections. */
  public static final OperatorLimits DEFAULT =
      new OperatorLimits(
          64 * 1024,
          64 * 1024,
          partOfHeap(),
          10_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30));

  /** What one listener may take of the heap for requests: a thirty-second part, at least 1 MiB. */
  public static long partOfHeap() {
    return Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 32);
  }
}

package dev.rr.grpc;

import java.time.Duration;

/**
 * When a connection is closed, and when its client is asked whether it is there.
 *
 * @param idle time without calls after which it is closed; zero is never
 * @param age at which it is closed, give or take a tenth; zero is never
 * @param ageGrace time that calls have left on one that is too old; zero is all they need
 * @param ping silence after which the client is asked whether it is there
 * @param pingAnswer time that it has to answer that
 */
public record ConnectionTimes(
    Duration idle, Duration age, Duration ageGrace, Duration ping, Duration pingAnswer) {
  /** Those of Go's library: kept for as long as the client answers. */
  public static final ConnectionTimes USUAL =
      new ConnectionTimes(
          Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofHours(2), Duration.ofSeconds(20));
}

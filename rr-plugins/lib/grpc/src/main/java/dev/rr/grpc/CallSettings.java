package dev.rr.grpc;

import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.log.Log;

/**
 * What calls have in common. Any thread.
 *
 * @param mostReceived bytes of a message, and of all messages of a stream together
 * @param mostSent bytes of a message of an answer
 * @param memory counts what they hold
 */
public record CallSettings(int mostReceived, int mostSent, CallMemory memory, Log log) {
  /** What is said of an answer that is too large. */
  public static GrpcStatus tooLarge(long bytes, int limit) {
    return GrpcStatus.of(
        GrpcStatus.RESOURCE_EXHAUSTED,
        "grpc: trying to send message larger than max (" + bytes + " vs. " + limit + ")");
  }
}

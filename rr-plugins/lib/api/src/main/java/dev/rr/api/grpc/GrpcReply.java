package dev.rr.api.grpc;

/**
 * Takes the answer to a call. Every call ends with exactly one of {@link #message}, {@link #end}
 * and {@link #fail}; what comes after the first is ignored. On any thread, one at a time.
 */
public interface GrpcReply {
  /** Metadata before the answer, filled before it. */
  GrpcMetadata headers();

  /** Metadata behind the answer, filled before it. */
  GrpcMetadata trailers();

  /** Ends the call with a message, which is not changed afterwards. */
  void message(byte[] message);

  /**
   * Sends one message of several, where the proto file says that the answer is a stream. Blocks
   * while the client does not read, for a while; so not on an event loop.
   *
   * @return false when nobody wants more
   */
  boolean part(byte[] message);

  /** Ends a stream well. */
  void end();

  /** Ends the call without one; headers and trailers are sent all the same. */
  void fail(GrpcStatus status);
}

package dev.rr.api.grpc;

/**
 * What comes next from a client that streams.
 *
 * @param message as it came, decompressed and not decoded, not to be changed; empty for all but
 *     {@link Kind#MESSAGE}
 */
public record GrpcNext(Kind kind, byte[] message) {
  private static final byte[] NONE = {};

  /** The client has sent its last message. */
  public static final GrpcNext END = new GrpcNext(Kind.END, NONE);

  /** Nothing came in time. */
  public static final GrpcNext NOTHING = new GrpcNext(Kind.NOTHING, NONE);

  /** The server stops, and waits for the end of the call. */
  public static final GrpcNext STOPPING = new GrpcNext(Kind.STOPPING, NONE);

  /** Nobody waits for an answer any more. */
  public static final GrpcNext OVER = new GrpcNext(Kind.OVER, NONE);

  /** What it may be. */
  public enum Kind {
    /** A message. */
    MESSAGE,
    /** The client has sent its last one. */
    END,
    /** Nothing came in time. */
    NOTHING,
    /** The server stops: no message is waited for, and the call is to be ended. */
    STOPPING,
    /** The call is over. */
    OVER
  }

  /** A message. */
  public static GrpcNext message(byte[] message) {
    return new GrpcNext(Kind.MESSAGE, message);
  }
}

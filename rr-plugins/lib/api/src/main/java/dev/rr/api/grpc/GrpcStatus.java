package dev.rr.api.grpc;

import java.util.List;

/**
 * Why a call failed.
 *
 * @param code as gRPC numbers them, for example {@link #PERMISSION_DENIED}; not 0
 * @param message for the client
 * @param details a serialised {@code google.rpc.Status} with the same code and message and what
 *     else there is to say; empty for nothing. Not to be changed
 */
public record GrpcStatus(int code, String message, byte[] details) {
  /** The client gave up. */
  public static final int CANCELLED = 1;

  /** Nobody knows. */
  public static final int UNKNOWN = 2;

  /** The client sent what it should not. */
  public static final int INVALID_ARGUMENT = 3;

  /** The time that the client gave is over. */
  public static final int DEADLINE_EXCEEDED = 4;

  /** The client may not do this. */
  public static final int PERMISSION_DENIED = 7;

  /** Too much or too many. */
  public static final int RESOURCE_EXHAUSTED = 8;

  /** There is no such method. */
  public static final int UNIMPLEMENTED = 12;

  /** Something here is broken. */
  public static final int INTERNAL = 13;

  /** Later it may work. */
  public static final int UNAVAILABLE = 14;

  /** The client did not say who it is. */
  public static final int UNAUTHENTICATED = 16;

  private static final byte[] NONE = {};

  /** As Go's library calls them, in the order of their numbers. */
  private static final List<String> NAMES =
      List.of(
          "OK",
          "Canceled",
          "Unknown",
          "InvalidArgument",
          "DeadlineExceeded",
          "NotFound",
          "AlreadyExists",
          "PermissionDenied",
          "ResourceExhausted",
          "FailedPrecondition",
          "Aborted",
          "OutOfRange",
          "Unimplemented",
          "Internal",
          "Unavailable",
          "DataLoss",
          "Unauthenticated");

  /** The name of a code as upstream tells it, in metrics and in texts. */
  public static String name(int code) {
    return code >= 0 && code < NAMES.size() ? NAMES.get(code) : "Code(" + code + ")";
  }

  /** The error's text in Go's words, which upstream tells. */
  public String text() {
    return "rpc error: code = " + name(code) + " desc = " + message;
  }

  /** A status without details. */
  public static GrpcStatus of(int code, String message) {
    return new GrpcStatus(code, message, NONE);
  }
}

package dev.rr.plugin.googlepubsub;

import io.grpc.Status;
import java.io.IOException;
import java.util.Set;

/** Pub/Sub did not do what it was asked; the message is for the user. */
final class CallFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** What may succeed when it is asked again. */
  private static final Set<Status.Code> PASSING =
      Set.of(
          Status.Code.UNAVAILABLE,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.ABORTED,
          Status.Code.CANCELLED,
          Status.Code.INTERNAL,
          Status.Code.UNKNOWN,
          Status.Code.RESOURCE_EXHAUSTED);

  private final Status.Code code;

  private CallFailure(String message, Status status) {
    super(message, status.getCause());
    this.code = status.getCode();
  }

  /** What a status means that is not OK. */
  static CallFailure of(String server, Status status) {
    return new CallFailure(text(server, status), status);
  }

  /** What keeps rr itself from going on, though the server has answered. */
  static CallFailure because(String message) {
    return new CallFailure(message, Status.FAILED_PRECONDITION);
  }

  private static String text(String server, Status status) {
    String said = reason(status);
    return switch (status.getCode()) {
      case UNAVAILABLE -> "cannot reach " + server + ": " + said;
      case DEADLINE_EXCEEDED -> server + " does not answer";
      default -> server + " answers " + status.getCode() + ": " + said;
    };
  }

  /** The innermost reason in its own words. */
  private static String reason(Status status) {
    String said = String.valueOf(status.getDescription());
    for (Throwable at = status.getCause(); at != null; at = at.getCause()) {
      if (at.getMessage() != null && !at.getMessage().isBlank()) {
        said = at.getMessage();
      }
    }
    return said;
  }

  /** Whether the same may succeed soon. */
  boolean mayPass() {
    return PASSING.contains(code);
  }

  /** Whether there was no connection. */
  boolean isUnreachable() {
    return code == Status.Code.UNAVAILABLE;
  }

  /** Whether there was no answer in time. */
  boolean isSilence() {
    return code == Status.Code.DEADLINE_EXCEEDED;
  }

  /** Whether what it was about does not exist. */
  boolean isMissing() {
    return code == Status.Code.NOT_FOUND;
  }

  /** Whether what was to be made exists. */
  boolean isThereAlready() {
    return code == Status.Code.ALREADY_EXISTS;
  }
}

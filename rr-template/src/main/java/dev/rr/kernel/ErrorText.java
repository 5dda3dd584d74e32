package dev.rr.kernel;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Turns an exception into words for a user. */
public final class ErrorText {
  private ErrorText() {}

  /** The message, or what else the exception tells where that is only a file or nothing. */
  public static String text(Throwable fault) {
    String message = fault.getMessage();
    return switch (fault) {
      case NoSuchFileException e -> message + ": no such file or directory";
      case AccessDeniedException e -> message + ": permission denied";
      default -> message == null || message.isBlank() ? wordless(fault) : message;
    };
  }

  private static String wordless(Throwable fault) {
    Throwable cause = fault.getCause();
    return fault.getClass().getName()
        + " without a message"
        + (cause == null ? "" : ", caused by " + cause)
        + "; -d shows more";
  }
}

package dev.rr.kernel;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Turns an exception into words for a user. */
public final class ErrorText {
  private ErrorText() {}

  /** The message, or what the exception's name says where the message is only a file or nothing. */
  public static String text(Throwable fault) {
    String message = fault.getMessage();
    return switch (fault) {
      case NoSuchFileException e -> message + ": no such file or directory";
      case AccessDeniedException e -> message + ": permission denied";
      default -> message == null || message.isBlank() ? words(fault) : message;
    };
  }

  private static String words(Throwable fault) {
    String name = fault.getClass().getSimpleName().replaceFirst("(Exception|Error)$", "");
    String words = name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    return words.isEmpty() ? fault.getClass().getName() : words;
  }
}

package dev.rr.api.error;

import org.jspecify.annotations.Nullable;

/**
 * An operation that failed, with the text that upstream gives it: {@code operation: kind: text}; an
 * operation that failed because of another has the other's text behind a colon on a line of its own
 * that begins with a tab. The kind of failure, such as {@code "key can't be empty string"}, is said
 * once, by the outermost operation. PHP packages look for these texts. Immutable; has no stack
 * trace of its own, the operations are one.
 */
public final class OperationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final String kind;

  /** For {@link #within}: the failed operation's text, without its kind. */
  private final String detail;

  private OperationException(
      String operation, String kind, String detail, @Nullable Throwable cause) {
    super(join(operation, kind) + detail, cause, true, false);
    this.operation = operation;
    this.kind = kind;
    this.detail = detail;
  }

  /** {@code operation: text}. */
  public static OperationException of(String operation, String text) {
    return of(operation, "", text);
  }

  /** {@code operation: kind: text}. */
  public static OperationException of(String operation, String kind, String text) {
    return new OperationException(operation, kind, ": " + text, null);
  }

  /** {@code operation: kind}. */
  public static OperationException ofKind(String operation, String kind) {
    return new OperationException(operation, kind, "", null);
  }

  /**
   * The same failure as the operation around it tells it; for another cause {@code operation: its
   * message}.
   */
  public static OperationException within(String operation, Throwable cause) {
    if (cause instanceof OperationException inner) {
      String detail = ":\n\t" + inner.operation + inner.detail;
      return new OperationException(operation, inner.kind, detail, inner);
    }
    return within(operation, "", cause);
  }

  /** A failure of another kind because of one within; what that one says stays whole. */
  public static OperationException within(String operation, String kind, Throwable cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    String colon = cause instanceof OperationException ? ":\n\t" : ": ";
    return new OperationException(operation, kind, colon + message, cause);
  }

  private static String join(String operation, String kind) {
    return kind.isEmpty() ? operation : operation + ": " + kind;
  }

  /** The kind of failure as it is said; empty when it has none. */
  public String kind() {
    return kind;
  }
}

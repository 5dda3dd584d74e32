package dev.rr.api.kv;

import java.util.Optional;

/**
 * A storage refused or failed. Its parts are those of upstream's error texts, which clients look
 * into: the kind goes to the outermost operation, the rest stays inside ({@code rpc_has: key can't
 * be empty string:} and on the next line {@code in_memory_plugin_has}).
 */
public final class KvException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final transient Optional<Kind> kind;

  /** Why a storage refuses, where upstream has a name for it. */
  public enum Kind {
    /** A key is empty or blank. */
    EMPTY_KEY("key can't be empty string"),
    /** No key at all was given. */
    NO_KEYS("should provide at least 1 key"),
    /** An item has nothing in it. */
    EMPTY_ITEM("empty Item");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** In upstream's words. */
    public String text() {
      return text;
    }
  }

  private KvException(String operation, Optional<Kind> kind, String message, Throwable cause) {
    super(message, cause);
    this.operation = operation;
    this.kind = kind;
  }

  /**
   * A refusal.
   *
   * @param operation the driver's operation in upstream's spelling, such as {@code
   *     in_memory_plugin_has}
   */
  public static KvException refused(String operation, Kind kind) {
    return new KvException(
        operation, Optional.of(kind), "", new IllegalArgumentException(kind.text()));
  }

  /**
   * A failure.
   *
   * @param operation as above
   * @param cause its message is shown to the client
   */
  public static KvException failed(String operation, Throwable cause) {
    return new KvException(operation, Optional.empty(), String.valueOf(cause.getMessage()), cause);
  }

  /** The driver's operation. */
  public String operation() {
    return operation;
  }

  /** Empty for a failure. */
  public Optional<Kind> kind() {
    return kind;
  }
}

package dev.rr.api.worker;

/**
 * Why a payload got no answer. The message is upstream's text, since clients match on it. Has no
 * stack trace: it tells of a worker, not of our code.
 */
public final class ExecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** The worker answered with an error and lives on. */
    SOFT_JOB,
    /** The worker died, or its relay broke. */
    NETWORK,
    /** The worker took longer than {@code exec_ttl} and was killed. */
    EXEC_TTL,
    /** No worker became free within {@code allocate_timeout}. */
    NO_FREE_WORKERS,
    /** More payloads than {@code max_queue_size}. */
    QUEUE_SIZE,
    /** The pool is stopping or stopped. */
    STOPPED,
    /** The answer was not a proper frame. */
    DECODE,
    /** A worker could not be started. */
    WORKER_ALLOCATE,
    /** The payload was empty. */
    EMPTY_PAYLOAD,
    /** The caller gave up. */
    CANCELLED
  }

  private static final byte[] NOTHING = {};

  private final Kind kind;
  private final byte[] said;

  /**
   * A failure.
   *
   * @param message upstream's text
   */
  public ExecException(Kind kind, String message) {
    this(kind, message, NOTHING);
  }

  /**
   * A failure that the worker told.
   *
   * @param message upstream's text, which ends with what the worker said
   * @param said the same as the bytes that it sent; not changed afterwards
   */
  public ExecException(Kind kind, String message, byte[] said) {
    super(message, null, false, false);
    this.kind = kind;
    this.said = said;
  }

  /** What the worker said, as it sent it; empty when it said nothing. Not to be changed. */
  public byte[] said() {
    return said;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }
}

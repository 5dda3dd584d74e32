package dev.rr.plugin.acme;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** There is no certificate, and its user is told why. */
final class AcmeFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable Instant notBefore;

  /**
   * Reports a fault.
   *
   * @param message one sentence for the user, without a trailing stop
   */
  AcmeFault(String message, @Nullable Throwable cause) {
    this(message, cause, null);
  }

  /**
   * Reports a fault.
   *
   * @param notBefore when the authority may be asked again; null when it did not say
   */
  AcmeFault(String message, @Nullable Throwable cause, @Nullable Instant notBefore) {
    super(message, cause);
    this.notBefore = notBefore;
  }

  /** When the authority may be asked again; null when it did not say. */
  @Nullable Instant notBefore() {
    return notBefore;
  }
}

package dev.rr.api.http;

/** The client's fault, and the status that answers it. Has no stack trace. */
public final class HttpFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * A fault.
   *
   * @param status the status to answer with, 400 to 599
   * @param message text for the client
   */
  public HttpFault(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** The status to answer with. */
  public int status() {
    return status;
  }
}

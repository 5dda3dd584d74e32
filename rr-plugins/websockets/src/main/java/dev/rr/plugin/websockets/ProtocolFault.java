package dev.rr.plugin.websockets;

/** The client's fault, and the code that the connection is closed with. Has no stack trace. */
final class ProtocolFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  ProtocolFault(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** As RFC 6455 has it, section 7.4. */
  int code() {
    return code;
  }
}

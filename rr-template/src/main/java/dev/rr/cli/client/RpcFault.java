package dev.rr.cli.client;

import java.io.IOException;

/** The server answered a call with an error text; the connection goes on. */
final class RpcFault extends IOException {
  private static final long serialVersionUID = 1L;

  RpcFault(String text) {
    super(text);
  }
}

package dev.rr.cli.client;

import dev.rr.cli.command.CliException;
import java.io.IOException;

/** The server answered a call with an error text; the connection goes on. */
final class RpcFault extends IOException {
  private static final long serialVersionUID = 1L;

  private static final String NO_SERVICE = "rpc: can't find service ";

  RpcFault(String text) {
    super(text);
  }

  /**
   * What to tell a user whose server cannot answer: that it lacks the plugin, when that is so.
   *
   * @param plugin the plugin that answers such calls
   * @param otherwise what to say before any other reason
   */
  static CliException told(IOException fault, String plugin, String otherwise) {
    String text = String.valueOf(fault.getMessage());
    return new CliException(
        text.startsWith(NO_SERVICE)
            ? "the server has no plugin %1$s, so it cannot answer: add %1$s (dev.rr:rr-plugin-%1$s) to its build"
                .formatted(plugin)
            : otherwise + text);
  }
}

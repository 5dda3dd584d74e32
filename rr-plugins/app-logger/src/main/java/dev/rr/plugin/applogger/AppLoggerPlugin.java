package dev.rr.plugin.applogger;

import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import java.nio.charset.StandardCharsets;

/** RPC methods for workers that log text. Any thread. */
@Plugin("app")
final class AppLoggerPlugin {
  private final Log log;

  AppLoggerPlugin(Loggers loggers) {
    this.log = loggers.named("app");
  }

  @RpcMethod("Error")
  void error(String message) {
    log.error(message);
  }

  @RpcMethod("Warning")
  void warning(String message) {
    log.warn(message);
  }

  @RpcMethod("Info")
  void info(String message) {
    log.info(message);
  }

  @RpcMethod("Debug")
  void debug(String message) {
    log.debug(message);
  }

  /** Bypasses the log: the text goes to standard error, with one line feed at its end. */
  @RpcMethod("Log")
  void log(String message) {
    String line = message.endsWith("\n") ? message : message + "\n";
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    // One write, so that lines of several workers do not mix.
    System.err.write(bytes, 0, bytes.length);
    System.err.flush();
  }
}

package dev.rr.plugin.applogger;

import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.proto.AppLoggerProto.LogAttrs;
import dev.rr.proto.AppLoggerProto.LogEntry;
import dev.rr.proto.AppLoggerProto.Response;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * RPC methods for workers that log: a text, or {@code WithContext} a text and its attributes, whose
 * values are texts as well. Any thread.
 */
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
    print(message);
  }

  @RpcMethod("ErrorWithContext")
  Response errorWithContext(LogEntry entry) {
    return write(Log.Level.ERROR, entry);
  }

  @RpcMethod("WarningWithContext")
  Response warningWithContext(LogEntry entry) {
    return write(Log.Level.WARN, entry);
  }

  @RpcMethod("InfoWithContext")
  Response infoWithContext(LogEntry entry) {
    return write(Log.Level.INFO, entry);
  }

  @RpcMethod("DebugWithContext")
  Response debugWithContext(LogEntry entry) {
    return write(Log.Level.DEBUG, entry);
  }

  /** As {@link #log(String)}, with {@code key:value,key:value} behind the text. */
  @RpcMethod("LogWithContext")
  Response logWithContext(LogEntry entry) {
    String attributes =
        entry.getLogAttrsList().stream()
            .map(attribute -> attribute.getKey() + ":" + attribute.getValue())
            .collect(Collectors.joining(","));
    print(
        entry.getLogAttrsCount() == 0 ? entry.getMessage() : entry.getMessage() + " " + attributes);
    return Response.getDefaultInstance();
  }

  private Response write(Log.Level level, LogEntry entry) {
    Object[] attributes =
        entry.getLogAttrsList().stream().flatMap(AppLoggerPlugin::nameAndValue).toArray();
    log.log(level, entry.getMessage(), null, attributes);
    return Response.getDefaultInstance();
  }

  private static Stream<String> nameAndValue(LogAttrs attribute) {
    return Stream.of(attribute.getKey(), attribute.getValue());
  }

  private static void print(String message) {
    String line = message.endsWith("\n") ? message : message + "\n";
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    // One write, so that lines of several workers do not mix.
    System.err.write(bytes, 0, bytes.length);
    System.err.flush();
  }
}

package dev.rr.plugin.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** What failures of the library mean. */
final class RedisFaults {
  /** Beginnings of what a server says that cannot answer now and another, or it later, can. */
  private static final List<String> TRANSIENT =
      List.of(
          "LOADING ",
          "READONLY ",
          "MASTERDOWN ",
          "CLUSTERDOWN ",
          "TRYAGAIN ",
          "ERR max number of clients reached");

  /** The library's words, which has no type for it. */
  private static final String UNCONNECTED = "Currently not connected";

  /** As well: of a handler that is gone, and of the end of a connection that it closed itself. */
  private static final Set<String> MISSED =
      Set.of("RedisHandshakeHandler not registered", "Connection closed prematurely");

  private RedisFaults() {}

  /** What a future failed with. */
  static Throwable cause(ExecutionException failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }

  /** The innermost reason in its own words. */
  static String reason(Throwable failure) {
    String reason = failure.toString();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at.getMessage() != null && !at.getMessage().isBlank()) {
        reason = at.getMessage();
      }
    }
    return reason;
  }

  /**
   * Whether a server may have refused a connection before the library looked at it, or while it was
   * closing that: it then tells of its own handler or of the end, and not of what the server said.
   */
  static boolean isMissedRefusal(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String message = at.getMessage();
      if (message != null && MISSED.contains(message)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the same command may succeed soon. Every command of kv may be sent twice. */
  static boolean mayPass(Throwable failure) {
    if (failure instanceof RedisCommandExecutionException answered) {
      String said = String.valueOf(answered.getMessage());
      return TRANSIENT.stream().anyMatch(said::startsWith);
    }
    // Whoever asked again after no answer would wait as long again.
    return failure instanceof RedisException
        || failure instanceof IOException && !(failure instanceof RedisCalls.NoAnswer);
  }

  /** Whether nothing was sent, since the connection to the node is being made. */
  static boolean isUnconnected(Throwable failure) {
    return failure instanceof RedisException
        && String.valueOf(failure.getMessage()).startsWith(UNCONNECTED);
  }

  /** Whether the server is no longer the one to write to. */
  static boolean isDemoted(Throwable failure) {
    return failure instanceof RedisCommandExecutionException answered
        && String.valueOf(answered.getMessage()).startsWith("READONLY ");
  }
}

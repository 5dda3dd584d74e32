package dev.rr.operator;

import dev.rr.api.http.HttpFault;
import dev.rr.http.Http1Head;
import org.jspecify.annotations.Nullable;

/**
 * A whole request, or what stood in its place.
 *
 * @param fault what is wrong with it; null when nothing is
 */
record OperatorRequest(Http1Head head, byte[] body, @Nullable HttpFault fault) {
  static OperatorRequest refused(HttpFault fault) {
    return new OperatorRequest(Http1Head.none("http"), new byte[0], fault);
  }

  /** Whether another request may follow on its connection. */
  boolean goesOn() {
    return head.keepAlive();
  }
}

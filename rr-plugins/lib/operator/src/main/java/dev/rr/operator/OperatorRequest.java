package dev.rr.operator;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * A whole request, or what stood in its place.
 *
 * @param fault what is wrong with it; null when nothing is
 */
record OperatorRequest(RequestHead head, byte[] body, @Nullable HttpFault fault) {
  private static final RequestHead NONE =
      new RequestHead("GET", "/", true, new HttpHeaders(), "", 0, false, "");

  static OperatorRequest refused(HttpFault fault) {
    return new OperatorRequest(NONE, new byte[0], fault);
  }

  /** Whether another request may follow on its connection. */
  boolean goesOn() {
    return head.keepAlive();
  }
}

package dev.rr.plugin.cache;

import dev.rr.api.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Notes an answer on its way, until it turns out to be too large to keep, or the store has no room
 * for one more that is under way. One event loop.
 */
final class Recording {
  private final int limit;
  private final AnswerStore store;
  private ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;
  private HttpHeaders headers = HttpHeaders.EMPTY;
  private boolean whole = true;

  Recording(int limit, AnswerStore store) {
    this.limit = limit;
    this.store = store;
  }

  void head(int code, HttpHeaders fields) {
    status = code;
    headers = fields.copy();
  }

  void write(ByteBuffer bytes) {
    int size = bytes.remaining();
    if (!whole || size > limit - body.size() || !store.reserve(size)) {
      giveUp();
      return;
    }
    byte[] copy = new byte[size];
    bytes.duplicate().get(copy);
    body.writeBytes(copy);
  }

  /** The answer cannot be kept, or has been; what was noted is let go. */
  void giveUp() {
    whole = false;
    store.release(body.size());
    body = new ByteArrayOutputStream();
  }

  boolean gaveUp() {
    return !whole;
  }

  int status() {
    return status;
  }

  HttpHeaders headers() {
    return headers;
  }

  byte[] body() {
    return body.toByteArray();
  }

  /**
   * Whether the whole answer was noted; trailers would be lost, so an answer with any is not. Nor
   * is one that is shorter or longer than it said.
   */
  boolean isWhole(HttpHeaders trailers) {
    String said = headers.get("Content-Length");
    return whole
        && status != 0
        && trailers.isEmpty()
        && (said == null || said.equals(Integer.toString(body.size())));
  }
}

package dev.rr.plugin.dashboard;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import java.nio.ByteBuffer;

/**
 * One page that looks, on a stream of server-sent events. What it does not take in time is not kept
 * for it: it is dropped, comes back by itself and gets everything anew.
 */
final class Viewer {
  /** Sendings that may find it still busy with one before them. */
  private static final int MOST_MISSED = 5;

  private final HttpRequest request;
  private final HttpResponse response;
  // On the request's loop.
  private int missed;
  private volatile boolean left;

  Viewer(HttpRequest request, HttpResponse response) {
    this.request = request;
    this.response = response;
  }

  /** Begins the stream. On the request's loop. */
  void begin() {
    HttpHeaders headers = Answers.headers("text/event-stream");
    // A proxy that gathers bytes would show the page late.
    response.head(200, headers.set("X-Accel-Buffering", "no"));
    response.flush();
  }

  /** Sends whole events; the array is not changed any more. Any thread. */
  void send(byte[] events) {
    request.execute(() -> {
      if (left) {
        return;
      }
      if (response.writable()) {
        missed = 0;
        response.write(ByteBuffer.wrap(events));
        response.flush();
      } else if (++missed >= MOST_MISSED) {
        response.abort(new IllegalStateException("the page does not take what it asked for"));
      }
    });
  }

  /** Nobody looks any more. */
  void leave() {
    left = true;
  }

  boolean hasLeft() {
    return left;
  }

  /** Ends the stream. Any thread. */
  void end() {
    request.execute(response::end);
  }
}

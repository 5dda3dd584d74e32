package dev.rr.api.http;

/**
 * Handles requests.
 *
 * <p><b>Threads.</b> A request belongs to one event loop thread. {@link #handle} and everything on
 * the request, its body and its response is called on that thread, in both directions, so a handler
 * that keeps its state per request needs no locks. It must not block: the other connections of the
 * loop wait meanwhile, and the log names who holds one for 200 ms. Work that blocks goes to {@link
 * HttpRequest#offload} and comes back with {@link HttpRequest#execute}.
 *
 * <p><b>Answering.</b> A handler may return before it has answered. Every request is ended by
 * exactly one {@link HttpResponse#end} or {@link HttpResponse#abort}. To change an answer on its
 * way, pass on a {@link ForwardingResponse}.
 *
 * <p><b>Buffers.</b> A {@code ByteBuffer} that is passed on belongs to the receiver; the giver
 * never touches it again.
 */
@FunctionalInterface
public interface HttpHandler {
  /**
   * Handles one request. An exception thrown here is logged and answered with 500, or aborts a
   * begun answer.
   */
  void handle(HttpRequest request, HttpResponse response);
}

package dev.rr.api.http;

import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request's head, and the way to its body. On the request's event loop only, see {@link
 * HttpHandler}.
 */
public interface HttpRequest {
  /** As received, for example {@code GET}. */
  String method();

  /** The request target as received, for example {@code /a?b=c}. */
  String target();

  /** {@code HTTP/1.0}, {@code HTTP/1.1}, {@code HTTP/2.0} or {@code HTTP/3.0}. */
  String protocol();

  /** {@code http} or {@code https}. */
  String scheme();

  /** The {@code Host} header or {@code :authority}; empty when there is none. */
  String host();

  /**
   * The headers; middleware may change them. {@code Host} is among them, PHP receives it in the URI
   * only.
   */
  HttpHeaders headers();

  /** The other end of the connection. */
  SocketAddress peer();

  /**
   * What the requests of one connection have in common where several of them come at once; compared
   * by identity. Null where they come one after another.
   */
  default @Nullable Object source() {
    return null;
  }

  /**
   * The client's address without a port, as PHP sees it; the peer's unless a middleware has set it.
   */
  String remoteAddress();

  /** Sets the client's address. */
  void remoteAddress(String address);

  /** Values for PHP's request attributes; middleware may add. Never null, in insertion order. */
  Map<String, List<String>> attributes();

  /** Values from middleware to middleware, which PHP does not see. Never null. */
  Map<Object, Object> notes();

  /** The body. */
  RequestBody body();

  /** Runs work that may block, on a virtual thread. */
  void offload(Runnable work);

  /** Runs {@code task} on the request's event loop; from any thread. */
  void execute(Runnable task);
}

package dev.rr.api.http;

import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Passes every call on. The base of a middleware's view of a request. */
public abstract class ForwardingRequest implements HttpRequest {
  /** Where calls go. */
  protected final HttpRequest next;

  /** Forwards to {@code next}. */
  protected ForwardingRequest(HttpRequest next) {
    this.next = next;
  }

  @Override
  public String method() {
    return next.method();
  }

  @Override
  public String target() {
    return next.target();
  }

  @Override
  public String protocol() {
    return next.protocol();
  }

  @Override
  public String scheme() {
    return next.scheme();
  }

  @Override
  public String host() {
    return next.host();
  }

  @Override
  public HttpHeaders headers() {
    return next.headers();
  }

  @Override
  public SocketAddress peer() {
    return next.peer();
  }

  @Override
  public @Nullable Object source() {
    return next.source();
  }

  @Override
  public String remoteAddress() {
    return next.remoteAddress();
  }

  @Override
  public void remoteAddress(String address) {
    next.remoteAddress(address);
  }

  @Override
  public Map<String, List<String>> attributes() {
    return next.attributes();
  }

  @Override
  public Map<Object, Object> notes() {
    return next.notes();
  }

  @Override
  public RequestBody body() {
    return next.body();
  }

  @Override
  public void offload(Runnable work) {
    next.offload(work);
  }

  @Override
  public void execute(Runnable task) {
    next.execute(task);
  }
}

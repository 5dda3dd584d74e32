package dev.rr.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.RequestBody;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request's side of an exchange: its head, and the way of its body to the reader. On its loop
 * only, but for {@link #execute} and {@link #offload}.
 */
abstract class ExchangeRequest implements HttpRequest, RequestBody {
  final ExchangeLoop loop;
  private final RequestHead head;
  private final SocketAddress peer;
  private @Nullable String remoteAddress;
  private @Nullable Map<String, List<String>> attributes;
  private @Nullable Map<Object, Object> notes;

  private @Nullable Reader reader;
  private boolean paused;

  ExchangeRequest(ExchangeLoop loop, RequestHead head, SocketAddress peer) {
    this.loop = loop;
    this.head = head;
    this.peer = peer;
  }

  /** The reader was set, or the flow resumed. */
  protected abstract void bodyWanted();

  @Override
  public final String method() {
    return head.method();
  }

  @Override
  public final String target() {
    return head.target();
  }

  @Override
  public final String protocol() {
    return head.protocol();
  }

  @Override
  public final String scheme() {
    return head.scheme();
  }

  @Override
  public final String host() {
    return head.host();
  }

  @Override
  public final HttpHeaders headers() {
    return head.headers();
  }

  @Override
  public final SocketAddress peer() {
    return peer;
  }

  @Override
  public final String remoteAddress() {
    String address = remoteAddress;
    if (address == null) {
      address = Addresses.text(peer);
      remoteAddress = address;
    }
    return address;
  }

  @Override
  public final void remoteAddress(String address) {
    remoteAddress = address;
  }

  @Override
  public final Map<String, List<String>> attributes() {
    Map<String, List<String>> map = attributes;
    if (map == null) {
      map = new LinkedHashMap<>();
      attributes = map;
    }
    return map;
  }

  @Override
  public final Map<Object, Object> notes() {
    Map<Object, Object> map = notes;
    if (map == null) {
      map = new HashMap<>();
      notes = map;
    }
    return map;
  }

  @Override
  public final RequestBody body() {
    return this;
  }

  @Override
  public void offload(Runnable work) {
    var unused = Thread.ofVirtual().name("http-io").start(work);
  }

  @Override
  public final void execute(Runnable task) {
    loop.execute(task);
  }

  // The request's body.

  @Override
  public final void read(Reader taker) {
    if (reader != null) {
      throw new IllegalStateException("the body has a reader already");
    }
    reader = taker;
    bodyWanted();
  }

  @Override
  public final void pause() {
    paused = true;
  }

  @Override
  public final void resume() {
    if (paused) {
      paused = false;
      bodyWanted();
    }
  }

  /** Whether somebody wants the body, now or later. */
  protected final boolean hasReader() {
    return reader != null;
  }

  /** Whether a chunk would be taken now. */
  public final boolean takesBody() {
    return reader != null && !paused;
  }

  /** Hands bytes of the body to its reader. */
  public final void bodyChunk(ByteBuffer bytes) {
    if (reader != null) {
      reader.chunk(bytes);
    }
  }

  /** Tells the reader that the body is complete. */
  public final void bodyEnd(HttpHeaders trailers) {
    if (reader != null) {
      reader.end(trailers);
    }
  }

  /** Tells the reader that the body will not be complete. */
  public final void bodyFailed(HttpFault fault) {
    if (reader != null) {
      reader.failed(fault);
    }
  }
}

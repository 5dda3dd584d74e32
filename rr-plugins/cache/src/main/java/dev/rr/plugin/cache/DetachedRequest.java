package dev.rr.plugin.cache;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.RequestBody;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request made again for the cache's own sake: the same, without a body and without the client's
 * conditions.
 */
final class DetachedRequest implements HttpRequest {
  private final HttpRequest like;
  private final HttpHeaders headers;
  private final Map<String, List<String>> attributes;
  private final Map<Object, Object> notes = new HashMap<>();
  private String remoteAddress;

  DetachedRequest(HttpRequest like) {
    this.like = like;
    this.headers = like.headers().copy();
    this.attributes = new LinkedHashMap<>(like.attributes());
    this.remoteAddress = like.remoteAddress();
    headers.remove("If-None-Match").remove("If-Modified-Since").remove("Cache-Control");
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String target() {
    return like.target();
  }

  @Override
  public String protocol() {
    return like.protocol();
  }

  @Override
  public String scheme() {
    return like.scheme();
  }

  @Override
  public String host() {
    return like.host();
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  @Override
  public SocketAddress peer() {
    return like.peer();
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public void remoteAddress(String address) {
    remoteAddress = address;
  }

  @Override
  public Map<String, List<String>> attributes() {
    return attributes;
  }

  @Override
  public Map<Object, Object> notes() {
    return notes;
  }

  @Override
  public RequestBody body() {
    return new RequestBody() {
      @Override
      public long length() {
        return 0;
      }

      @Override
      public void read(Reader reader) {
        reader.end(HttpHeaders.EMPTY);
      }

      @Override
      public void pause() {}

      @Override
      public void resume() {}
    };
  }

  @Override
  public void offload(Runnable work) {
    like.offload(work);
  }

  @Override
  public void execute(Runnable task) {
    like.execute(task);
  }
}

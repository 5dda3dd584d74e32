package dev.rr.testing.http;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.RequestBody;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request made up by a test. {@link #offload} and {@link #execute} run their work at once. */
public final class FakeRequest implements HttpRequest {
  private final String method;
  private final String target;
  private final HttpHeaders headers = new HttpHeaders();
  private final Map<String, List<String>> attributes = new LinkedHashMap<>();
  private final Map<Object, Object> notes = new HashMap<>();
  private SocketAddress peer = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 50_000);
  private String remoteAddress = "127.0.0.1";
  private byte[] body = new byte[0];
  private String protocol = "HTTP/1.1";

  private FakeRequest(String method, String target) {
    this.method = method;
    this.target = target;
    headers.add("Host", "example.com");
  }

  /** A GET of {@code target}. */
  public static FakeRequest get(String target) {
    return new FakeRequest("GET", target);
  }

  /** Any request. */
  public static FakeRequest of(String method, String target) {
    return new FakeRequest(method, target);
  }

  /** Adds a header. */
  public FakeRequest header(String name, String value) {
    headers.add(name, value);
    return this;
  }

  /** Sets the other end of the connection. */
  public FakeRequest from(String address, int port) {
    peer = new InetSocketAddress(InetAddress.ofLiteral(address), port);
    remoteAddress = address;
    return this;
  }

  /** Sets the other end of the connection to one without an address, such as a unix socket's. */
  public FakeRequest from(SocketAddress other) {
    peer = other;
    remoteAddress = "";
    return this;
  }

  /** Sets the version of HTTP, {@code HTTP/1.1} by default. */
  public FakeRequest over(String version) {
    protocol = version;
    return this;
  }

  /** Sets the body. */
  public FakeRequest body(String text) {
    body = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public String protocol() {
    return protocol;
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String host() {
    return headers.get("Host", "");
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  @Override
  public SocketAddress peer() {
    return peer;
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
    return new WholeBody(body);
  }

  @Override
  public void offload(Runnable work) {
    work.run();
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  private record WholeBody(byte[] bytes) implements RequestBody {
    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public void read(Reader reader) {
      if (bytes.length > 0) {
        reader.chunk(ByteBuffer.wrap(bytes.clone()));
      }
      reader.end(HttpHeaders.EMPTY);
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}
  }
}

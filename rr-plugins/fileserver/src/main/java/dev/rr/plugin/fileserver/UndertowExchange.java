package dev.rr.plugin.fileserver;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
import io.undertow.io.UndertowOutputStream;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * An Undertow exchange as both ends of the HTTP contract, blocking: every call writes through
 * before it returns. Used by one worker thread. A client that goes away surfaces as {@link
 * UncheckedIOException}.
 */
final class UndertowExchange implements HttpRequest, HttpResponse {
  private static final int CHUNK = 64 * 1024;

  private final HttpServerExchange exchange;
  private final HttpHeaders headers = new HttpHeaders();
  private final boolean gzip;
  private OutputStream out = OutputStream.nullOutputStream();
  private boolean committed;

  /**
   * Wraps an exchange that is in blocking mode. With {@code gzip} bodies of 200 answers are
   * compressed.
   */
  UndertowExchange(HttpServerExchange exchange, boolean ranges, boolean gzip) {
    this.exchange = exchange;
    this.gzip = gzip;
    for (HeaderValues values : exchange.getRequestHeaders()) {
      String name = values.getHeaderName().toString();
      if (ranges || !name.equalsIgnoreCase("Range")) {
        values.forEach(value -> headers.add(name, value));
      }
    }
  }

  @Override
  public void head(int status, HttpHeaders fields) {
    committed = true;
    boolean compress = gzip && status == 200 && !exchange.getRequestMethod().equalToString("HEAD");
    if (compress) {
      fields.set("Content-Encoding", "gzip").remove("Content-Length").remove("Accept-Ranges");
    }
    exchange.setStatusCode(status);
    fields.forEach((name, value) -> exchange.getResponseHeaders().add(new HttpString(name), value));
    out = exchange.getOutputStream();
    if (compress) {
      out = run(() -> new GZIPOutputStream(out, CHUNK));
    }
  }

  @Override
  public void write(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    run(() -> {
      out.write(copy);
      return copy;
    });
  }

  @Override
  public void file(Path file, long offset, long length, Runnable after) {
    try (FileChannel channel = FileChannel.open(file)) {
      channel.position(offset);
      if (out instanceof UndertowOutputStream plain && offset + length == channel.size()) {
        plain.transferFrom(channel);
      } else {
        copy(channel, length);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      after.run();
    }
  }

  private void copy(FileChannel channel, long length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK, length));
    for (long left = length; left > 0; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), left));
      int n = channel.read(buffer);
      if (n < 0) {
        throw new IOException("the file became shorter while it was sent");
      }
      out.write(buffer.array(), 0, n);
      left -= n;
    }
  }

  @Override
  public void end(HttpHeaders trailers) {
    run(() -> {
      out.close();
      return out;
    });
    exchange.endExchange();
  }

  private interface Io<T> {
    T run() throws IOException;
  }

  private static <T> T run(Io<T> action) {
    try {
      return action.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String method() {
    return exchange.getRequestMethod().toString();
  }

  @Override
  public String target() {
    return exchange.getRequestURI();
  }

  @Override
  public String protocol() {
    return exchange.getProtocol().toString();
  }

  @Override
  public String scheme() {
    return exchange.getRequestScheme();
  }

  @Override
  public String host() {
    return exchange.getHostAndPort();
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  @Override
  public SocketAddress peer() {
    return exchange.getSourceAddress();
  }

  @Override
  public String remoteAddress() {
    return exchange.getSourceAddress().getAddress().getHostAddress();
  }

  @Override
  public void remoteAddress(String address) {
    throw new UnsupportedOperationException("no middleware runs here");
  }

  @Override
  public Map<String, List<String>> attributes() {
    return Map.of();
  }

  @Override
  public Map<Object, Object> notes() {
    return new HashMap<>();
  }

  @Override
  public RequestBody body() {
    throw new UnsupportedOperationException("request bodies are not read");
  }

  @Override
  public void offload(Runnable work) {
    work.run();
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public void interim(int status, HttpHeaders fields) {}

  @Override
  public void flush() {}

  @Override
  public void abort(Throwable cause) {
    exchange.endExchange();
  }

  @Override
  public boolean committed() {
    return committed;
  }

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  public void onWritable(Runnable callback) {}

  @Override
  public void onClose(Runnable callback) {
    exchange.addExchangeCompleteListener((done, next) -> {
      callback.run();
      next.proceed();
    });
  }
}

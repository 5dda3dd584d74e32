package dev.rr.plugin.fileserver;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import dev.rr.exchange.Exchange;
import dev.rr.exchange.ExchangeLoop;
import io.undertow.io.UndertowOutputStream;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A request that Undertow has read, and its answer, blocking: every call writes through before it
 * returns. Used by one worker thread. A client that goes away surfaces as {@link
 * UncheckedIOException}. Request bodies are not read.
 */
final class UndertowExchange extends Exchange {
  private static final int CHUNK = 64 * 1024;

  private final HttpServerExchange exchange;
  private final boolean gzip;
  private OutputStream out = OutputStream.nullOutputStream();

  /**
   * Wraps an exchange that is in blocking mode. With {@code gzip} bodies of 200 answers are
   * compressed.
   */
  UndertowExchange(HttpServerExchange exchange, boolean ranges, boolean gzip, Log log) {
    super(
        new Inline(log),
        exchange.getRequestMethod().toString(),
        exchange.getRequestURI(),
        exchange.getProtocol().toString(),
        exchange.getRequestScheme(),
        exchange.getHostAndPort(),
        headers(exchange, ranges),
        exchange.getSourceAddress());
    this.exchange = exchange;
    this.gzip = gzip;
  }

  private static HttpHeaders headers(HttpServerExchange exchange, boolean ranges) {
    HttpHeaders headers = new HttpHeaders();
    for (HeaderValues values : exchange.getRequestHeaders()) {
      String name = values.getHeaderName().toString();
      if (ranges || !name.equalsIgnoreCase("Range")) {
        values.forEach(value -> headers.add(name, value));
      }
    }
    return headers;
  }

  /** The thread that calls is the one that works. */
  private record Inline(Log log) implements ExchangeLoop {
    @Override
    public void execute(Runnable task) {
      task.run();
    }
  }

  @Override
  public void offload(Runnable work) {
    work.run();
  }

  @Override
  public long length() {
    return 0;
  }

  @Override
  protected void bodyWanted() {
    bodyEnd(HttpHeaders.EMPTY);
  }

  @Override
  protected void sendInterim(int code, HttpHeaders fields) {
    // Nothing asks for one here.
  }

  @Override
  protected void sendHead(
      int code, HttpHeaders fields, long length, @Nullable ByteBuffer body, boolean end) {
    boolean compress = gzip && code == 200 && hasBody();
    if (compress) {
      fields.set("Content-Encoding", "gzip").remove("Accept-Ranges");
    } else if (length >= 0) {
      exchange.setResponseContentLength(length);
    }
    exchange.setStatusCode(code);
    fields.forEach((name, value) -> exchange.getResponseHeaders().add(new HttpString(name), value));
    out = exchange.getOutputStream();
    if (compress) {
      out = run(() -> new GZIPOutputStream(out, CHUNK));
    }
    if (body != null) {
      sendBody(body);
    }
    if (end) {
      sendEnd(HttpHeaders.EMPTY);
    }
  }

  @Override
  protected void sendBody(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    run(() -> {
      out.write(copy);
      return copy;
    });
  }

  @Override
  protected boolean sendRegion(FileChannel file, long offset, long length, Runnable after) {
    try {
      file.position(offset);
      if (out instanceof UndertowOutputStream plain && offset + length == file.size()) {
        plain.transferFrom(file);
      } else {
        copy(file, length);
      }
    } catch (IOException e) {
      abandon();
      throw new UncheckedIOException(e);
    } finally {
      after.run();
    }
    return true;
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
  protected void sendEnd(HttpHeaders trailers) {
    run(() -> {
      out.close();
      return out;
    });
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
  protected void push() {}

  @Override
  protected void cut() {
    exchange.endExchange();
  }

  @Override
  protected void answered() {
    exchange.endExchange();
  }

  @Override
  protected boolean transportWritable() {
    return true;
  }
}

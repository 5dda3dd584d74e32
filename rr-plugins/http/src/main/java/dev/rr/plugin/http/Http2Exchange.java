package dev.rr.plugin.http;

import dev.rr.api.http.HttpHeaders;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request over HTTP/2 and its answer. On its loop only. */
final class Http2Exchange extends Exchange {
  private final Http2Stream stream;
  private final ChannelHandlerContext context;
  private final long length;
  private boolean expectsContinue;
  boolean endDelivered;

  Http2Exchange(
      Http2Stream stream,
      ChannelHandlerContext context,
      Loop loop,
      String method,
      String target,
      String scheme,
      String host,
      HttpHeaders headers,
      SocketAddress peer,
      long length) {
    super(loop, method, target, "HTTP/2.0", scheme, host, headers, peer);
    this.stream = stream;
    this.context = context;
    this.length = length;
    this.expectsContinue = headers.get("Expect", "").equalsIgnoreCase("100-continue");
  }

  ChannelHandlerContext context() {
    return context;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  void bodyWanted() {
    if (expectsContinue && !stream.requestRead() && !committed()) {
      expectsContinue = false;
      sendInterim(100, HttpHeaders.EMPTY);
    }
    stream.deliver();
  }

  private static Http2Headers fields(HttpHeaders from, int status) {
    Http2Headers to = new DefaultHttp2Headers(false, from.size() + 4);
    if (status > 0) {
      to.status(Integer.toString(status));
    }
    for (int i = 0; i < from.size(); i++) {
      String name = from.name(i).toLowerCase(Locale.ROOT);
      if (HeaderNames.isToken(name) && !isOfConnection(name)) {
        to.add(new AsciiString(name), value(Http1Writer.clean(from.value(i))));
      }
    }
    return to;
  }

  private static CharSequence value(String text) {
    ByteWriter out = new ByteWriter(text.length());
    return new AsciiString(out.text(text.strip()).toByteArray(), false);
  }

  /** What HTTP/2 forbids (RFC 9113, section 8.2.2). */
  private static boolean isOfConnection(String name) {
    return switch (name) {
      case "connection",
          "keep-alive",
          "proxy-connection",
          "transfer-encoding",
          "upgrade",
          "content-length" ->
          true;
      default -> false;
    };
  }

  @Override
  void sendHead(int code, HttpHeaders answer, long known, @Nullable ByteBuffer body, boolean end) {
    Http2Headers head = fields(answer, code);
    if (!head.contains("date")) {
      head.add("date", new AsciiString(loop.date(), false));
    }
    if (known >= 0) {
      head.add("content-length", Long.toString(known));
    }
    boolean bodyless = body == null || !body.hasRemaining();
    write(new DefaultHttp2HeadersFrame(head, end && bodyless));
    if (body != null && body.hasRemaining()) {
      write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), end));
    }
  }

  private void write(Object frame) {
    var unused = context.write(frame);
  }

  @Override
  void sendInterim(int code, HttpHeaders answer) {
    var unused = context.writeAndFlush(new DefaultHttp2HeadersFrame(fields(answer, code), false));
  }

  @Override
  void sendBody(ByteBuffer bytes) {
    write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), false));
  }

  @Override
  void sendEnd(HttpHeaders trailers) {
    if (trailers.isEmpty()) {
      write(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
    } else {
      write(new DefaultHttp2HeadersFrame(fields(trailers, 0), true));
    }
  }

  @Override
  boolean sendRegion(FileChannel file, long offset, long count, Runnable after) {
    return false;
  }

  @Override
  void push() {
    context.flush();
  }

  @Override
  void cut() {
    var unused = context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
  }

  @Override
  void answered() {
    if (!stream.requestRead()) {
      // The rest of the body is not wanted (RFC 9113, section 8.1).
      var unused = context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
    }
  }

  @Override
  boolean transportWritable() {
    return context.channel().isWritable();
  }
}

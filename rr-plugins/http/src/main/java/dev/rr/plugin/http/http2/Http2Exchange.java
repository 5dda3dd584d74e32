package dev.rr.plugin.http.http2;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.http.FramedExchange;
import dev.rr.http.FramedHead;
import dev.rr.http.OutboundBuffer;
import dev.rr.http.SentFields;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.connection.PooledBuffer;
import dev.rr.plugin.http.connection.Upgradable;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
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
import org.jspecify.annotations.Nullable;

/**
 * A request over HTTP/2 and its answer (RFC 9113, section 8). On its loop only.
 *
 * <p>Writes go to the stream's channel. The codec sends from there what the client's windows allow
 * and keeps the rest; how much that is {@link Http2Stream} counts. Data is given away without a
 * copy: nobody changes a piece of a body once it was written.
 */
final class Http2Exchange extends FramedExchange implements Upgradable {
  private final ChannelHandlerContext context;
  private final Http2Stream stream;
  private final Loop loop;
  private final boolean tunnel;

  /** What the stream was left to, and whether the client was told so. */
  private @Nullable Http2Tunnel successor;

  private boolean switched;

  /** The last frame, which may have to wait for the client's window. */
  private @Nullable ChannelFuture last;

  Http2Exchange(
      ChannelHandlerContext context,
      Http2Stream stream,
      Loop loop,
      String scheme,
      FramedHead head,
      SocketAddress peer) {
    super(loop, head.request("HTTP/2.0", scheme), peer, head.length());
    this.context = context;
    this.stream = stream;
    this.loop = loop;
    this.tunnel = head.tunnel();
  }

  // Another protocol.

  @Override
  public boolean isTunnel() {
    return tunnel;
  }

  @Override
  public HttpUpgrade.Wire leave(HttpUpgrade.Receiver receiver, Runnable answer) {
    Http2Tunnel next = new Http2Tunnel(this, loop, stream.budget(), receiver);
    // Before everything that is written: the loop takes tasks in their order.
    execute(() -> switchTo(next, answer));
    return next.wire();
  }

  private void switchTo(Http2Tunnel next, Runnable answer) {
    successor = next;
    try {
      answer.run();
    } catch (RuntimeException e) {
      abort(e);
    }
    if (!switched && !done()) {
      abort(new IllegalStateException("a middleware has changed the answer to an Upgrade"));
    }
    next.begin(switched && !done());
  }

  /** The server ends. */
  void drain() {
    if (successor != null) {
      successor.drain();
    }
  }

  // The answer.

  @Override
  public Object source() {
    return context.channel().parent();
  }

  ChannelHandlerContext context() {
    return context;
  }

  /** So many bytes of the request's body wait for their reader. */
  @Override
  protected void waits(int bytes) {
    ChannelConfig config = context.channel().config();
    if (config.isAutoRead() != (bytes == 0)) {
      // What is not taken is not asked for: the window closes by itself.
      config.setAutoRead(bytes == 0);
    }
  }

  /**
   * Fields as a frame of their own; those of a connection are left out (section 8.2.2).
   *
   * @param status 0 for trailers, which have none
   */
  private static Http2Headers fields(HttpHeaders from, int status) {
    // Not validated a second time: the names and values are checked where they are made lower case.
    Http2Headers to = new DefaultHttp2Headers(false, from.size() + 4);
    if (status > 0) {
      to.status(Integer.toString(status));
    }
    SentFields.framed(
        from, (name, value) -> to.add(new AsciiString(name), new AsciiString(value, false)));
    return to;
  }

  @Override
  protected void sendHead(
      int code, HttpHeaders answer, long known, @Nullable ByteBuffer body, boolean end) {
    switched = successor != null && code == 101;
    // There is no 101 here: what succeeds is a tunnel (RFC 8441, section 5).
    Http2Headers head = fields(answer, switched ? 200 : code);
    if (!head.contains("date")) {
      head.add("date", new AsciiString(loop.date(), false));
    }
    // The application's own length was left out: what is known here is what will be sent.
    if (known >= 0) {
      head.add("content-length", Long.toString(known));
    }
    // The last frame carries the end; an empty one behind it would be one more to send and read.
    boolean bodyless = body == null || !body.hasRemaining();
    write(new DefaultHttp2HeadersFrame(head, end && bodyless));
    if (body != null && body.hasRemaining()) {
      write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), end));
    }
  }

  /** Queues a frame until {@link #push}. One that fails ends its stream, which is told as such. */
  private void write(Object frame) {
    last = context.write(frame);
  }

  @Override
  protected void sendInterim(int code, HttpHeaders answer) {
    var unused = context.writeAndFlush(new DefaultHttp2HeadersFrame(fields(answer, code), false));
  }

  @Override
  protected void sendBody(ByteBuffer bytes) {
    write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), false));
  }

  @Override
  protected OutboundBuffer outboundBuffer(int length) {
    return new PooledBuffer(
        context.alloc(),
        Math.min(length, Math.max(1, stream.takes(context.channel()))),
        bytes -> write(new DefaultHttp2DataFrame(bytes, false)));
  }

  @Override
  protected void sendEnd(HttpHeaders trailers) {
    if (trailers.isEmpty()) {
      write(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
    } else {
      write(new DefaultHttp2HeadersFrame(fields(trailers, 0), true));
    }
  }

  @Override
  protected boolean sendRegion(FileChannel file, long offset, long count, Runnable after) {
    // A file has to be cut into frames, so it goes through memory.
    return false;
  }

  /** Sends what was written, as far as the windows allow, and has the rest counted. */
  @Override
  protected void push() {
    context.flush();
    stream.count(context.channel());
  }

  /** The client has to notice that the answer is not whole; other streams go on. */
  @Override
  protected void cut() {
    var unused = context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
  }

  @Override
  protected void answered() {
    ChannelFuture end = last;
    if (!requestRead() && end != null) {
      // A reset goes ahead of what waits for the window, and drops it.
      end.addListener(sent -> unwanted());
    }
  }

  /** The rest of the body is not wanted (RFC 9113, section 8.1). */
  private void unwanted() {
    if (!requestRead()) {
      var unused = context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
    }
  }

  @Override
  protected boolean transportWritable() {
    return context.channel().isWritable() && stream.takes(context.channel()) > 0;
  }
}

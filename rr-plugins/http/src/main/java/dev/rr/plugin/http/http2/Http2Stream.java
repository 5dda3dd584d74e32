package dev.rr.plugin.http.http2;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.http.Backlog;
import dev.rr.http.Faults;
import dev.rr.http.FramedHead;
import dev.rr.netty.Stall;
import dev.rr.plugin.http.connection.Endpoint;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.connection.UpgradeHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request on an HTTP/2 connection: a channel of its own. On its loop only.
 *
 * <p>The multiplexer hands over the frames of the stream, and tells when it ends. The stream is in
 * the loop's list of what has deadlines, as connections are: a stream whose client takes nothing is
 * reset alone, without the others on its connection.
 *
 * <p>What waits for the client's window waits inside the codec, where nobody counts it. It is told
 * from the channel instead, which knows how much more may be written before it is full: {@link
 * #room} is that figure while nothing waits, and what is missing of it later is what waits.
 */
final class Http2Stream extends Loop.Connection {
  private final Loop loop;
  private final Endpoint endpoint;
  private final Http2FrameCodec codec;

  /** The request; null until its head was there, and when it was no request. */
  private @Nullable Http2Exchange exchange;

  private long since = System.nanoTime();

  private final Stall stall = new Stall();
  private final Backlog backlog;

  /** Room for the client's answer while nothing waits. */
  private long room;

  /** What may be sent at once, when last looked while bytes waited. */
  private int window;

  /** Whether a file waits for the client's window. */
  private boolean shut;

  Http2Stream(Loop loop, Endpoint endpoint, Http2FrameCodec codec) {
    this.loop = loop;
    this.endpoint = endpoint;
    this.codec = codec;
    this.backlog = new Backlog(endpoint.budget());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    room = context.channel().bytesBeforeUnwritable();
    loop.add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    loop.remove(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    switch (message) {
      case Http2HeadersFrame frame -> head(context, frame);
      case Http2DataFrame frame -> data(frame);
      default -> ReferenceCountUtil.release(message);
    }
  }

  private void head(ChannelHandlerContext context, Http2HeadersFrame frame) {
    try {
      if (exchange != null) {
        trailers(exchange, frame);
      } else {
        begin(context, read(frame), frame.isEndStream());
      }
    } catch (ProtocolException e) {
      // A malformed request gets no answer but a reset (section 8.1.1).
      loop.log().debug("malformed HTTP/2 request", "reason", e.getMessage());
      gone();
      var unused = context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
    }
  }

  private FramedHead read(Http2HeadersFrame frame) throws ProtocolException {
    return endpoint.upgrades()
        ? FramedHead.requestOrTunnel(frame.headers())
        : FramedHead.request(frame.headers());
  }

  private static void trailers(Http2Exchange running, Http2HeadersFrame frame)
      throws ProtocolException {
    // A second head is trailers, and trailers end the request (section 8.1).
    HttpHeaders fields = FramedHead.trailers(frame.headers());
    if (!frame.isEndStream()) {
      throw new ProtocolException("a second head");
    }
    running.ended(fields);
  }

  private void begin(ChannelHandlerContext context, FramedHead head, boolean whole) {
    SocketAddress peer = context.channel().parent().remoteAddress();
    Http2Exchange made =
        new Http2Exchange(
            context,
            this,
            loop,
            endpoint.scheme(),
            head,
            peer == null ? new InetSocketAddress(0) : peer);
    exchange = made;
    since = System.nanoTime();
    // Before the chain runs: it is to find a body of length 0, not one that is about to end.
    if (whole) {
      made.ended(HttpHeaders.EMPTY);
    }
    try {
      head.check();
      if (head.tunnel()) {
        UpgradeHandler.offer(made);
      }
      made.answerBy(endpoint.chain());
    } catch (HttpFault fault) {
      Faults.answer(made, fault);
    }
  }

  private void data(Http2DataFrame frame) {
    Http2Exchange running = exchange;
    try {
      ByteBuf content = frame.content();
      if (running != null && content.isReadable()) {
        // A copy, which is the reader's to keep: Netty's buffer goes back to its pool.
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        running.arrived(ByteBuffer.wrap(bytes));
      }
    } finally {
      frame.release();
    }
    if (running != null && frame.isEndStream()) {
      running.ended(HttpHeaders.EMPTY);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    // The client's RST_STREAM comes as an event, past whatever waits to be read.
    if (event instanceof Http2ResetFrame) {
      gone();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.remove(this);
    backlog.set(0);
    gone();
  }

  /** The client has given the request up. */
  private void gone() {
    if (exchange != null) {
      exchange.gone(new HttpFault(400, "unexpected EOF"));
    }
  }

  @Override
  protected void check(long now) {
    Http2Exchange running = exchange;
    if (running == null) {
      return;
    }
    Channel channel = running.context().channel();
    if (shut && takes(channel) > 0) {
      shut = false;
      running.becameWritable();
    }
    if (stalled(channel, now)) {
      loop.log().debug("client does not read its answer, stream reset");
      gone();
      var unused = running.context().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
      return;
    }
    // A request that is read may take as long as its worker: that is the pool's to bound.
    // What a tunnel brings is no request any more.
    if (!running.requestRead()
        && !running.isTunnel()
        && now - since > endpoint.timeouts().read().toNanos()) {
      running.refuse(new HttpFault(408, "Request Timeout"));
    }
  }

  /** Whether bytes wait for the client's window and none has moved for the write timeout. */
  private boolean stalled(Channel channel, long now) {
    long waits = Math.max(count(channel), shut ? 1 : 0);
    // Fewer bytes waiting are a move, and so is a window that changed: when the exchange writes as
    // much as was taken, the count stays the same.
    int before = window;
    window = waits == 0 ? 0 : window(channel);
    return stall.lasts(
        waits, window != before, now, backlog.stallTimeout(endpoint.timeouts().write()));
  }

  /** How many bytes wait for the client; they are counted as well. */
  long count(Channel channel) {
    long waits =
        channel.isWritable()
            ? room - channel.bytesBeforeUnwritable()
            : room + channel.bytesBeforeWritable();
    backlog.set(channel.isActive() ? waits : 0);
    return waits;
  }

  /** What may be sent at once: it moves with every byte sent and with every WINDOW_UPDATE. */
  private int window(Channel channel) {
    int id = ((Http2StreamChannel) channel).stream().id();
    var stream = codec.connection().stream(id);
    return stream == null ? 0 : codec.encoder().flowController().windowSize(stream);
  }

  /**
   * How many bytes may be read from a file for the client: while memory is short, no more than it
   * takes at once. What waits for its window to open is looked at with the deadlines.
   */
  int takes(Channel channel) {
    if (!endpoint.budget().tight()) {
      return Integer.MAX_VALUE;
    }
    int open = Math.min(window(channel), connectionWindow());
    shut |= open <= 0;
    return open;
  }

  private int connectionWindow() {
    return codec.encoder().flowController().windowSize(codec.connection().connectionStream());
  }

  /** Running streams end by themselves, and their connection with the last of them. */
  @Override
  protected void drain() {
    if (exchange != null) {
      exchange.drain();
    }
  }

  MemoryBudget budget() {
    return endpoint.budget();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    count(context.channel());
    Http2Exchange running = exchange;
    if (running != null && context.channel().isWritable()) {
      running.becameWritable();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // The codec ends the stream itself, with the code that fits.
    loop.log().log(Log.Level.DEBUG, "HTTP/2 stream ended", cause);
  }
}

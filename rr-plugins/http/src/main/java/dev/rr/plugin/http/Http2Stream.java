package dev.rr.plugin.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request on an HTTP/2 connection: a channel of its own. On its loop only. */
final class Http2Stream extends Loop.Connection {
  private final Loop loop;
  private final Endpoint endpoint;
  private final Http2FrameCodec codec;
  private @Nullable Http2Exchange exchange;
  private boolean requestRead;

  /** Chunks that wait for the reader; the flow control window bounds them. */
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>(2);

  private HttpHeaders trailers = HttpHeaders.EMPTY;
  private boolean delivering;

  /** The body took too long: what still comes of it is dropped. */
  private boolean deaf;

  private long since = System.nanoTime();

  /** Room for the client's answer while nothing waits, and how much waited when last looked. */
  private long room;

  private long pending;
  private int window;
  private long pendingSince;

  Http2Stream(Loop loop, Endpoint endpoint, Http2FrameCodec codec) {
    this.loop = loop;
    this.endpoint = endpoint;
    this.codec = codec;
  }

  boolean requestRead() {
    return requestRead;
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
      case Http2DataFrame frame -> data(context, frame);
      default -> ReferenceCountUtil.release(message);
    }
  }

  private void head(ChannelHandlerContext context, Http2HeadersFrame frame) {
    if (!isProper(frame)) {
      gone();
      var unused = context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
      return;
    }
    requestRead = frame.isEndStream();
    if (exchange != null) {
      HttpHeaders fields = new HttpHeaders();
      copy(frame.headers(), fields);
      trailers = fields;
      deliver();
      return;
    }
    Http2Headers fields = frame.headers();
    HttpHeaders headers = new HttpHeaders();
    copy(fields, headers);
    CharSequence authority = fields.authority();
    String host = authority == null ? headers.get(HeaderNames.HOST, "") : authority.toString();
    String method = text(fields.method());
    String target = method.equals("CONNECT") ? host : text(fields.path());
    SocketAddress peer = context.channel().parent().remoteAddress();
    Http2Exchange made =
        new Http2Exchange(
            this,
            context,
            loop,
            method,
            target,
            endpoint.scheme(),
            host,
            headers,
            peer == null ? new InetSocketAddress(0) : peer,
            requestRead ? 0 : RequestHead.digits(headers.get(HeaderNames.CONTENT_LENGTH, "")));
    exchange = made;
    since = System.nanoTime();
    try {
      Targets.check(method, target);
      if (!Targets.isHost(host)) {
        throw new HttpFault(400, "malformed authority");
      }
      endpoint.chain().handle(made, made);
    } catch (HttpFault fault) {
      Faults.answer(made, fault);
    } catch (RuntimeException e) {
      made.abort(e);
    }
  }

  /** What the codec leaves to us (RFC 9113, sections 8.1 and 8.3.1). */
  private boolean isProper(Http2HeadersFrame frame) {
    Http2Headers fields = frame.headers();
    if (exchange != null) {
      return frame.isEndStream()
          && fields.method() == null
          && fields.path() == null
          && fields.scheme() == null
          && fields.authority() == null;
    }
    CharSequence method = fields.method();
    if (method == null || fields.status() != null) {
      return false;
    }
    if (method.toString().equals("CONNECT")) {
      return fields.authority() != null && fields.path() == null && fields.scheme() == null;
    }
    CharSequence path = fields.path();
    return fields.scheme() != null && path != null && path.length() > 0;
  }

  private static String text(@Nullable CharSequence sequence) {
    return sequence == null ? "" : sequence.toString();
  }

  private static void copy(Http2Headers from, HttpHeaders to) {
    StringBuilder cookies = null;
    for (Map.Entry<CharSequence, CharSequence> field : from) {
      CharSequence name = field.getKey();
      if (name.length() > 0 && name.charAt(0) == ':') {
        continue;
      }
      String canonical = canonical(name);
      String value = field.getValue().toString();
      if (canonical.equals("Cookie")) {
        // One header may come in pieces here, see RFC 9113, section 8.2.3.
        cookies = cookies == null ? new StringBuilder() : cookies.append("; ");
        cookies.append(value);
      } else {
        to.add(canonical, value);
      }
    }
    if (cookies != null) {
      to.add("Cookie", cookies.toString());
    }
  }

  private static String canonical(CharSequence name) {
    byte[] bytes =
        name instanceof AsciiString ascii
            ? ascii.toByteArray()
            : name.toString().getBytes(StandardCharsets.ISO_8859_1);
    String known = HeaderNames.of(bytes, 0, bytes.length);
    return known == null ? name.toString() : known;
  }

  private void data(ChannelHandlerContext context, Http2DataFrame frame) {
    try {
      ByteBuf content = frame.content();
      requestRead = frame.isEndStream();
      Http2Exchange running = exchange;
      if (running != null && !running.done() && !deaf && content.isReadable()) {
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        waiting.add(ByteBuffer.wrap(bytes));
      }
    } finally {
      frame.release();
    }
    deliver();
    // What is not taken is not asked for: the window closes by itself.
    context.channel().config().setAutoRead(waiting.isEmpty());
  }

  /** Hands over what has arrived, as far as it is wanted. */
  void deliver() {
    Http2Exchange running = exchange;
    if (running == null || delivering || deaf) {
      return;
    }
    delivering = true;
    try {
      while (running.takesBody() && !waiting.isEmpty()) {
        running.bodyChunk(waiting.remove());
      }
    } finally {
      delivering = false;
    }
    if (waiting.isEmpty()) {
      running.context().channel().config().setAutoRead(true);
      if (requestRead && running.takesBody() && !running.endDelivered) {
        running.endDelivered = true;
        running.bodyEnd(trailers);
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof Http2ResetFrame) {
      gone();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.remove(this);
    gone();
  }

  private void gone() {
    Http2Exchange running = exchange;
    if (running != null && !running.done()) {
      if (!requestRead) {
        running.bodyFailed(new HttpFault(400, "unexpected EOF"));
      }
      running.abandon();
    }
  }

  @Override
  void check(long now) {
    Http2Exchange running = exchange;
    if (running == null) {
      return;
    }
    if (stalled(running.context().channel(), now)) {
      loop.log().debug("client does not read its answer, stream reset");
      gone();
      var unused = running.context().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
      return;
    }
    if (!requestRead && !deaf && now - since > endpoint.timeouts().read().toNanos()) {
      deaf = true;
      waiting.clear();
      running.context().channel().config().setAutoRead(true);
      HttpFault fault = new HttpFault(408, "Request Timeout");
      if (running.takesBody()) {
        running.bodyFailed(fault);
      } else if (!running.committed()) {
        Faults.answer(running, fault);
      }
    }
  }

  /** Whether bytes wait for the client's window and none has moved for the write timeout. */
  private boolean stalled(Channel channel, long now) {
    long waits =
        channel.isWritable()
            ? room - channel.bytesBeforeUnwritable()
            : room + channel.bytesBeforeWritable();
    int open = waits == 0 ? 0 : window(channel);
    if (waits == 0 || waits < pending || pending == 0 || open != window) {
      pendingSince = now;
    }
    pending = waits;
    window = open;
    return waits > 0 && now - pendingSince > endpoint.timeouts().write().toNanos();
  }

  /** What may be sent at once: it moves with every byte sent and with every wish for more. */
  private int window(Channel channel) {
    int id = ((Http2StreamChannel) channel).stream().id();
    var stream = codec.connection().stream(id);
    return stream == null ? 0 : codec.encoder().flowController().windowSize(stream);
  }

  /** Running streams end by themselves, and their connection with the last of them. */
  @Override
  void drain() {}

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Http2Exchange running = exchange;
    if (running != null && context.channel().isWritable() && !running.resumeFile()) {
      running.becameWritable();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // The codec ends the stream itself, with the code that fits.
    loop.log().log(Log.Level.DEBUG, "HTTP/2 stream ended", cause);
  }
}

package dev.rr.plugin.http3;

import dev.rr.api.http.HttpChain;
import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.http.Backlog;
import dev.rr.http.Faults;
import dev.rr.http.FramedHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request on a connection: a stream of its own. On the loop only. */
final class Http3Stream extends Http3RequestStreamInboundHandler {
  /** Milliseconds between two looks at a running request. */
  private static final long TICK = 250;

  private final HttpHandler chain;
  private final HttpChain.Limits limits;
  private final MemoryBudget budget;
  private final Log log;
  private @Nullable Http3Exchange exchange;
  private HttpHeaders trailers = HttpHeaders.EMPTY;
  private long since;

  /** Since when the client takes nothing; 0 while it does. */
  private long unwritableSince;

  private @Nullable ScheduledFuture<?> watch;

  Http3Stream(HttpHandler chain, HttpChain.Limits limits, MemoryBudget budget, Log log) {
    this.chain = chain;
    this.limits = limits;
    this.budget = budget;
    this.log = log;
  }

  @Override
  protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
    QuicStreamChannel stream = (QuicStreamChannel) context.channel();
    try {
      if (exchange == null) {
        begin(stream, FramedHead.request(frame.headers()));
      } else {
        trailers = FramedHead.trailers(frame.headers());
      }
    } catch (ProtocolException e) {
      log.debug("malformed HTTP/3 request", "reason", e.getMessage());
      gone();
      Http3Exchange.reset(stream, Http3ErrorCode.H3_MESSAGE_ERROR);
    }
  }

  private void begin(QuicStreamChannel stream, FramedHead head) {
    Http3Exchange made = new Http3Exchange(stream, head, budget, log);
    exchange = made;
    since = System.nanoTime();
    watch =
        stream
            .eventLoop()
            .scheduleWithFixedDelay(() -> check(stream, made), TICK, TICK, TimeUnit.MILLISECONDS);
    try {
      head.check();
      made.answerBy(chain);
    } catch (HttpFault fault) {
      Faults.answer(made, fault);
    }
  }

  private void check(QuicStreamChannel stream, Http3Exchange running) {
    if (!running.requestRead() && System.nanoTime() - since > limits.read().toNanos()) {
      running.refuse(new HttpFault(408, "Request Timeout"));
    }
    if (unwritableSince != 0
        && System.nanoTime() - unwritableSince
            > Backlog.stallTimeout(budget, limits.write()).toNanos()) {
      stalled(stream);
    } else {
      running.probe();
    }
  }

  private void stalled(QuicStreamChannel stream) {
    log.debug("client does not read its answer, stream closed");
    gone();
    Http3Exchange.reset(stream, Http3ErrorCode.H3_REQUEST_CANCELLED);
  }

  @Override
  protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
    try {
      ByteBuf content = frame.content();
      if (exchange != null && content.isReadable()) {
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        exchange.arrived(ByteBuffer.wrap(bytes));
      }
    } finally {
      frame.release();
    }
  }

  @Override
  protected void channelInputClosed(ChannelHandlerContext context) {
    if (exchange != null) {
      exchange.ended(trailers);
    } else {
      Http3Exchange.reset(
          (QuicStreamChannel) context.channel(), Http3ErrorCode.H3_REQUEST_INCOMPLETE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (watch != null) {
      watch.cancel(false);
    }
    gone();
    context.fireChannelInactive();
  }

  private void gone() {
    if (exchange != null) {
      exchange.gone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.log(Log.Level.DEBUG, "HTTP/3 stream ended", cause);
    Http3ErrorCode code =
        cause instanceof Http3Exception fault
            ? fault.errorCode()
            : Http3ErrorCode.H3_REQUEST_CANCELLED;
    if (exchange != null) {
      exchange.broken(code);
    } else {
      Http3Exchange.reset((QuicStreamChannel) context.channel(), code);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    unwritableSince = context.channel().isWritable() ? 0 : System.nanoTime();
    if (exchange != null && context.channel().isWritable()) {
      exchange.becameWritable();
    }
  }
}

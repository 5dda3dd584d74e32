package dev.rr.plugin.http3;

import dev.rr.api.http.HttpChain;
import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request on a connection: a stream of its own. On the loop only. */
final class Http3Stream extends Http3RequestStreamInboundHandler {
  private final HttpHandler chain;
  private final HttpChain.Limits limits;
  private final Log log;
  private @Nullable Http3Exchange exchange;
  private @Nullable ScheduledFuture<?> readDeadline;
  private @Nullable ScheduledFuture<?> writeDeadline;

  Http3Stream(HttpHandler chain, HttpChain.Limits limits, Log log) {
    this.chain = chain;
    this.limits = limits;
    this.log = log;
  }

  @Override
  protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
    if (exchange != null) {
      HttpHeaders trailers = new HttpHeaders();
      copy(frame.headers(), trailers);
      exchange.trailers(trailers);
      return;
    }
    Http3Headers fields = frame.headers();
    HttpHeaders headers = new HttpHeaders();
    copy(fields, headers);
    String host = fields.authority() == null ? headers.get("Host", "") : text(fields.authority());
    if (!host.isEmpty() && !headers.contains("Host")) {
      headers.add("Host", host);
    }
    Http3Exchange made =
        new Http3Exchange(
            (QuicStreamChannel) context.channel(),
            text(fields.method()),
            text(fields.path()),
            host,
            headers,
            log);
    exchange = made;
    readDeadline =
        context
            .executor()
            .schedule(
                () -> made.failed(new HttpFault(408, "Request Timeout")),
                limits.read().toMillis(),
                TimeUnit.MILLISECONDS);
    if (!made.target().startsWith("/") && !made.target().equals("*") || !isHost(host)) {
      made.refuse(new HttpFault(400, "malformed request target"));
      return;
    }
    try {
      chain.handle(made, made);
    } catch (RuntimeException e) {
      made.abort(e);
    }
  }

  private static String text(@Nullable CharSequence sequence) {
    return sequence == null ? "" : sequence.toString();
  }

  private static boolean isHost(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c >= 128 || !Character.isLetterOrDigit(c) && "-_.~!$&'()*+,;=:[]%".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static void copy(Http3Headers from, HttpHeaders to) {
    StringBuilder cookies = null;
    for (Map.Entry<CharSequence, CharSequence> field : from) {
      String name = field.getKey().toString();
      String value = field.getValue().toString();
      if (name.startsWith(":")) {
        continue;
      }
      if (name.equals("cookie")) {
        // One header may come in pieces here, see RFC 9114, section 4.2.1.
        cookies = cookies == null ? new StringBuilder() : cookies.append("; ");
        cookies.append(value);
      } else {
        to.add(canonical(name), value);
      }
    }
    if (cookies != null) {
      to.add("Cookie", cookies.toString());
    }
  }

  /** The spelling PHP is handed over every transport: {@code X-Real-Ip}. */
  private static String canonical(String name) {
    char[] out = name.toCharArray();
    boolean upper = true;
    for (int i = 0; i < out.length; i++) {
      out[i] = upper ? Character.toUpperCase(out[i]) : out[i];
      upper = out[i] == '-';
    }
    return new String(out);
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
    cancel(readDeadline);
    if (exchange != null) {
      exchange.inputEnded();
    } else {
      ((QuicStreamChannel) context.channel()).shutdown(Http3ErrorCode.H3_REQUEST_INCOMPLETE.code());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancel(readDeadline);
    cancel(writeDeadline);
    if (exchange != null) {
      exchange.gone();
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.log(Log.Level.DEBUG, "HTTP/3 stream ended", cause);
    if (exchange != null) {
      exchange.gone();
    }
    context.close();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    cancel(writeDeadline);
    if (context.channel().isWritable()) {
      if (exchange != null) {
        exchange.becameWritable();
      }
    } else {
      writeDeadline =
          context
              .executor()
              .schedule(
                  () -> {
                    log.debug("client does not read its answer, stream closed");
                    context.close();
                  },
                  limits.write().toMillis(),
                  TimeUnit.MILLISECONDS);
    }
  }

  private static void cancel(@Nullable ScheduledFuture<?> deadline) {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }
}

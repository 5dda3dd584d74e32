package dev.rr.netty;

import dev.rr.api.log.Log;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A protocol of requests that are answered one at a time: nothing more is read from a connection
 * until the client has taken the answer. So a connection holds one request, one answer and what one
 * read brought, whatever its client sends, and answers are in the order of the requests. Immutable;
 * one serves many connections.
 */
public final class RequestReply {
  private final Limits limits;
  private final Function<ByteBuf, CompletionStage<ByteBuf>> service;
  private final Log log;

  /**
   * How long a connection is waited for; it is closed afterwards.
   *
   * @param request from the end of one answer until the next request is complete
   * @param reply until the client has taken an answer
   */
  public record Limits(Duration request, Duration reply) {
    /** Five minutes for a request, half a minute for an answer. */
    public static final Limits DEFAULT = new Limits(Duration.ofMinutes(5), Duration.ofSeconds(30));
  }

  /**
   * Serves requests.
   *
   * @param service called on the connection's loop, which it must not block, with a request that is
   *     released when it returns; the answer may come from any thread, in its own time, and one
   *     that fails closes the connection
   */
  public RequestReply(Limits limits, Function<ByteBuf, CompletionStage<ByteBuf>> service, Log log) {
    this.limits = limits;
    this.service = service;
    this.log = log;
  }

  /**
   * Sets up a connection. On its loop.
   *
   * @param decoder cuts bytes into requests
   */
  public void begin(Channel channel, ByteToMessageDecoder decoder) {
    channel.config().setAutoRead(false);
    // One read may bring many requests: they wait there until they are asked for.
    channel.pipeline().addLast(decoder, new FlowControlHandler(), new Connection());
  }

  /** A connection, on its loop. */
  private final class Connection extends SimpleChannelInboundHandler<ByteBuf> {
    private @Nullable Future<?> deadline;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      next(context);
    }

    private void next(ChannelHandlerContext context) {
      closeAfter(limits.request(), "no request came in time", context);
      context.read();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf request) {
      cancel();
      service
          .apply(request)
          .whenComplete((reply, fault) ->
              context
                  .executor()
                  .execute(() -> {
                    if (fault != null) {
                      exceptionCaught(context, fault);
                    } else {
                      send(context, reply);
                    }
                  }));
    }

    private void send(ChannelHandlerContext context, ByteBuf reply) {
      closeAfter(limits.reply(), "the answer was not taken in time", context);
      context
          .writeAndFlush(reply)
          .addListener(written -> {
            if (written.isSuccess()) {
              next(context);
            } else {
              exceptionCaught(context, written.cause());
            }
          });
    }

    private void closeAfter(Duration limit, String reason, ChannelHandlerContext context) {
      cancel();
      deadline =
          context
              .executor()
              .schedule(
                  () -> {
                    log.debug("connection closed", "reason", reason);
                    context.close();
                  },
                  limit.toNanos(),
                  TimeUnit.NANOSECONDS);
    }

    private void cancel() {
      if (deadline != null) {
        deadline.cancel(false);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      cancel();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      cancel();
      log.debug("connection failed", "error", String.valueOf(cause.getMessage()));
      context.close();
    }
  }
}

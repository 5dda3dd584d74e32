package dev.rr.plugin.http3;

import dev.rr.api.http.HttpChain;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds connections: those that begin, since each costs some 45 KB before its client has shown
 * that it exists, and with {@code http.max_connections} all. On the loop only.
 */
final class Handshakes {
  /** While more connections begin, clients have to show first that they are where they say. */
  private static final int EASY = 64;

  /** More connections do not begin at once: their first packets are dropped, and sent again. */
  private static final int MOST = 1024;

  private final HttpChain http;
  private final UnvalidatedAddresses addresses;
  private final Duration timeout;
  private int begun;

  /**
   * Counts nothing yet.
   *
   * @param timeout how long a connection may take to begin
   */
  Handshakes(HttpChain http, UnvalidatedAddresses addresses, Duration timeout) {
    this.http = http;
    this.addresses = addresses;
    this.timeout = timeout;
  }

  /** Whether so many connections begin that a client has to come twice. */
  boolean many() {
    return begun >= EASY;
  }

  /**
   * Takes a connection.
   *
   * @throws Refused when there are too many
   */
  void take(QuicChannel connection) {
    if (begun >= MOST || !http.enter()) {
      connection.unsafe().closeForcibly();
      throw new Refused();
    }
    begun++;
    Handshake handshake = new Handshake(connection);
    connection.pipeline().addLast(handshake);
    // It is registered when this turn of the loop ends, or never, and then nobody closes it.
    connection
        .parent()
        .eventLoop()
        .execute(() -> {
          if (!connection.isRegistered()) {
            handshake.close();
          }
        });
  }

  /** Its packet is dropped without a word. */
  static final class Refused extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Refused() {
      super("too many connections");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /** A connection from its first packet until its client has answered the server's. */
  private final class Handshake extends ChannelInboundHandlerAdapter {
    private final @Nullable SocketAddress client;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean over;
    private boolean closed;

    Handshake(QuicChannel connection) {
      client = connection.remoteSocketAddress();
      addresses.begin(client);
      connection.closeFuture().addListener(future -> close());
    }

    private void close() {
      if (!closed) {
        closed = true;
        end();
        http.leave();
      }
    }

    @Override
    public void channelRegistered(ChannelHandlerContext context) {
      deadline =
          context
              .channel()
              .eventLoop()
              .schedule(
                  () -> {
                    if (!over) {
                      context.close();
                    }
                  },
                  timeout.toMillis(),
                  TimeUnit.MILLISECONDS);
      context.fireChannelRegistered();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      end();
      context.fireChannelActive();
    }

    private void end() {
      if (!over) {
        over = true;
        begun--;
        addresses.end(client);
        if (deadline != null) {
          deadline.cancel(false);
        }
      }
    }
  }
}

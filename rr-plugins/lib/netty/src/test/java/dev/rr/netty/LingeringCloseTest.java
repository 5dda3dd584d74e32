package dev.rr.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.Deadline;
import dev.rr.net.AddressForms;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LingeringCloseTest {
  private final NettyServer server = NettyServer.start("rr-test", new RecordingLog());
  private final AtomicInteger seen = new AtomicInteger();

  @AfterEach
  void stop() throws Exception {
    server.stop(Deadline.after(Duration.ofSeconds(20)));
  }

  private Socket connect(String answer) throws Exception {
    return connect(channel -> begin(channel, answer));
  }

  private Socket connect(Consumer<Channel> begin) throws Exception {
    InetSocketAddress bound =
        (InetSocketAddress)
            server
                .listen(
                    "test.address", AddressForms.LISTENER.parse("127.0.0.1:0"), Path.of(""), begin)
                .getFirst();
    Socket client = new Socket(InetAddress.getLoopbackAddress(), bound.getPort());
    client.setSoTimeout(20_000);
    return client;
  }

  /** Answers the first bytes and closes, whatever comes behind them. */
  private void begin(Channel channel, String answer) {
    channel
        .pipeline()
        .addLast(
            new LingeringClose(),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                ReferenceCountUtil.release(message);
                if (seen.incrementAndGet() == 1) {
                  context.write(Unpooled.copiedBuffer(answer, US_ASCII));
                  context.close();
                }
              }
            });
  }

  @Test
  void theAnswerArrivesThoughTheClientWentOnSending() throws Exception {
    try (Socket client = connect("answer")) {
      client.getOutputStream().write(new byte[4 * 1024 * 1024]);
      assertThat(client.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("answer");
      Await.until("the server has closed", () -> server.connections().isEmpty());
    }
    assertThat(seen).hasValue(1);
  }

  @Test
  void aClientThatTakesTimeGetsTheWholeAnswer() throws Exception {
    // More than the buffers of both sockets take at once.
    String answer = "x".repeat(16 * 1024 * 1024);
    try (Socket client = connect(answer)) {
      client.getOutputStream().write(1);
      Await.until("it has been asked to close", () -> seen.get() == 1);
      assertThat(client.getInputStream().readAllBytes()).hasSize(answer.length());
    }
  }

  @Test
  void nothingIsWaitedForFromAClientThatHasEndedItsSide() throws Exception {
    CompletableFuture<Boolean> open = new CompletableFuture<>();
    try (Socket client =
        connect(channel -> {
          channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
          channel
              .pipeline()
              .addLast(
                  new LingeringClose(),
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext context, Object event) {
                      if (event instanceof ChannelInputShutdownEvent) {
                        context.write(Unpooled.copiedBuffer("bye", US_ASCII));
                        context.close();
                        open.complete(context.channel().isOpen());
                      }
                    }
                  });
        })) {
      client.shutdownOutput();
      assertThat(client.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("bye");
      assertThat(open.get(20, TimeUnit.SECONDS)).as("after its last byte").isFalse();
    }
  }
}

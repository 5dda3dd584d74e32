package dev.rr.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Deadline;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class NettyServerTest {
  @TempDir Path folder = Path.of("");
  private final RecordingLog log = new RecordingLog();
  private final Set<String> threads = ConcurrentHashMap.newKeySet();
  private NettyServer server = NettyServer.start("rr-test", log);

  @AfterEach
  void stop() throws Exception {
    server.stop(soon());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20));
  }

  private List<SocketAddress> listen(String address) throws IOException {
    return server.listen("test.address", parse(address), folder, this::begin);
  }

  private static Address parse(String text) {
    return AddressForms.LISTENER.parse(text);
  }

  /** Answers with what it gets. */
  private void begin(Channel channel) {
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                threads.add(Thread.currentThread().getName());
                context.writeAndFlush(message);
              }
            });
  }

  private static Socket dial(SocketAddress address) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), ((InetSocketAddress) address).getPort());
  }

  private static String echo(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    return new String(socket.getInputStream().readNBytes(text.length()), US_ASCII);
  }

  @Test
  void servesConnectionsOnItsOwnThreadsWithoutDelay() throws Exception {
    SocketAddress bound = listen("127.0.0.1:0").getFirst();
    try (Socket client = dial(bound)) {
      assertThat(echo(client, "hello")).isEqualTo("hello");
      assertThat(server.connections()).hasSize(1);
      assertThat(
              server.connections().iterator().next().config().getOption(ChannelOption.TCP_NODELAY))
          .isTrue();
    }
    assertThat(threads).allMatch(name -> name.startsWith("rr-test"));
    Await.until("the connection is gone", () -> server.connections().isEmpty());
  }

  @Test
  void listensOnEveryAddressOfANameAtOnePort() throws Exception {
    List<SocketAddress> bound = listen("localhost:0");
    assertThat(bound).isNotEmpty();
    assertThat(bound.stream().map(a -> ((InetSocketAddress) a).getPort()).distinct()).hasSize(1);
  }

  @Test
  void listensOnAUnixSocketThatSomebodyLeftAndDeletesItAtTheEnd() throws Exception {
    Path file = folder.resolve("rr.sock");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(file))
        .close();
    listen("unix://rr.sock");
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      client.write(ByteBuffer.wrap("hi".getBytes(US_ASCII)));
      ByteBuffer got = ByteBuffer.allocate(2);
      while (got.hasRemaining() && client.read(got) >= 0) {
        // The rest is on its way.
      }
      assertThat(got.array()).asString(US_ASCII).isEqualTo("hi");
    }
    server.stop(soon());
    assertThat(file).doesNotExist();
  }

  @Test
  void leavesAUnixSocketThatSomebodyListensOnAndWhatIsNone() throws Exception {
    listen("unix://rr.sock");
    NettyServer second = NettyServer.start("rr-second", log);
    assertThatThrownBy(() -> second.listen("a.b", parse("unix://rr.sock"), folder, c -> {}))
        .hasMessage(
            "a.b: cannot listen on unix://rr.sock: the address is in use by another program");
    Files.writeString(folder.resolve("file"), "precious");
    assertThatThrownBy(() -> second.listen("a.b", parse("unix://file"), folder, c -> {}))
        .hasMessage("a.b: cannot listen on unix://file: the file exists and is not a socket");
    second.stop(soon());
    assertThat(folder.resolve("rr.sock")).exists();
    assertThat(folder.resolve("file")).hasContent("precious");
  }

  @Test
  void saysWhereAndWhyItCannotListen() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThatThrownBy(() -> listen(address))
          .hasMessage(
              "test.address: cannot listen on "
                  + address
                  + ": the address is in use by another program");
    }
    assertThatThrownBy(() -> listen("192.0.2.1:0"))
        .hasMessage("test.address: cannot listen on 192.0.2.1:0: it is no address of this machine");
    assertThatThrownBy(() -> listen("unix://none/rr.sock"))
        .hasMessage(
            "test.address: cannot listen on unix://none/rr.sock: the folder of the socket does not"
                + " exist");
    assertThatThrownBy(() -> listen("unix://" + "long".repeat(50)))
        .hasMessageStartingWith("test.address: cannot listen on unix://longlong");
  }

  @Test
  void acceptsNoMoreThanTheLimitUntilOneLeaves() throws Exception {
    server.stop(soon());
    server = NettyServer.start(new NettyServer.Settings("rr-test", 1, 1, "a.limit"), log);
    SocketAddress bound = listen("127.0.0.1:0").getFirst();
    try (Socket first = dial(bound);
        Socket second = dial(bound)) {
      assertThat(echo(first, "1")).isEqualTo("1");
      second.getOutputStream().write('2');
      assertThat(echo(first, "1")).isEqualTo("1");
      assertThat(server.connections()).hasSize(1);
      first.close();
      assertThat(second.getInputStream().read()).isEqualTo('2');
    }
  }

  @Test
  void closesConnectionsWhenItStops() throws Exception {
    SocketAddress bound = listen("127.0.0.1:0").getFirst();
    try (Socket client = dial(bound)) {
      assertThat(echo(client, "hello")).isEqualTo("hello");
      server.stop(soon());
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    assertThatThrownBy(() -> dial(bound)).isInstanceOf(IOException.class);
    assertThat(log.records()).isEmpty();
  }

  @Test
  void waitsForConnectionsThatWereAskedToEnd() throws Exception {
    SocketAddress bound = listen("127.0.0.1:0").getFirst();
    try (Socket client = dial(bound)) {
      assertThat(echo(client, "hello")).isEqualTo("hello");
      ByteBuffer last = ByteBuffer.wrap("bye".getBytes(US_ASCII));
      server.stop(
          soon(),
          () ->
              server
                  .connections()
                  .forEach(channel ->
                      channel
                          .writeAndFlush(Unpooled.wrappedBuffer(last))
                          .addListener(ChannelFutureListener.CLOSE)));
      assertThat(client.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("bye");
    }
    assertThat(log.records()).isEmpty();
  }

  @Test
  void closesAtTheDeadlineWhoDoesNotEnd() throws Exception {
    SocketAddress bound = listen("127.0.0.1:0").getFirst();
    try (Socket client = dial(bound)) {
      assertThat(echo(client, "hello")).isEqualTo("hello");
      server.stop(Deadline.after(Duration.ofMillis(50)), () -> {});
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(log.records())
        .containsExactly(
            "WARN connections were cut off at the end of the grace period [connections, 1]");
  }

  @Test
  void mayBeStoppedTwiceAndBeforeItListens() throws Exception {
    server.stop(soon());
    server.stop(soon());
    assertThat(server.loops()).hasSizeGreaterThan(0).allMatch(loop -> loop.isShuttingDown());
  }
}

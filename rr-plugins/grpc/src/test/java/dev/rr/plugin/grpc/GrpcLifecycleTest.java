package dev.rr.plugin.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.Deadline;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GrpcLifecycleTest {
  @TempDir Path folder;

  private static final FakePool.Worker UPPER =
      (request, reply) -> FakePool.answer(reply, "{}", request.text().toUpperCase(Locale.ROOT));

  @Test
  void bearsEveryOrderOfStartAndStop() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String listen = "listen: \"127.0.0.1:" + taken.getLocalPort() + "\"";
      LifecycleContract.holds(() -> plugin(""), () -> plugin(listen));
    }
  }

  private GrpcPlugin plugin(String keys) throws Exception {
    return new TestGrpc(folder, keys, new FakePool(UPPER), null).plugin;
  }

  @Test
  void callsUnderWayAreAnsweredBeforeItStops() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    LeakCheck.around(() -> {
      try (TestGrpc server =
          TestGrpc.start(
              folder,
              "",
              (request, reply) -> {
                begun.countDown();
                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                FakePool.answer(reply, "{}", "late");
              })) {
        Client.Call call = server.client().ping("");
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        InetSocketAddress address = server.address();
        Thread stopping = stopping(server);
        Await.until("a closed port", () -> refused(address));
        goOn.countDown();
        assertThat(call.outcome()).isEqualTo("late");
        stopping.join();
      }
    });
  }

  private static Thread stopping(TestGrpc server) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            server.plugin.stop(Deadline.after(Duration.ofSeconds(20)));
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  /** By a connection alone: a call that came just before the end would be under way as well. */
  private static boolean refused(InetSocketAddress address) {
    try (Socket connected = new Socket(address.getAddress(), address.getPort())) {
      return !connected.isConnected();
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aUnixSocketIsListenedOnAndItsFileGoes() throws Exception {
    Path socket = folder.resolve("grpc.sock");
    LeakCheck.around(() -> {
      MultiThreadIoEventLoopGroup loops =
          new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
      try (TestGrpc server =
          TestGrpc.start(
              folder,
              "listen: \"unix://grpc.sock\"",
              (request, reply) -> FakePool.answer(reply, "", request.context()))) {
        var channel =
            NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(loops)
                .directExecutor()
                .usePlaintext()
                .build();
        assertThat(new Client(channel).ping("").outcome()).contains("\":peer.address\":[\"@\"]");
        channel.shutdownNow();
        assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      } finally {
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).await();
      }
    });
    assertThat(Files.exists(socket)).isFalse();
  }
}

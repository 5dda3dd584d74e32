package dev.rr.plugin.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.http.HttpChain;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.testing.tls.TestKeys;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that come in crowds, and those that never come back. */
@Timeout(60)
class Http3LoadTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int RETRY = 0xf0;

  @TempDir static Path dir;
  private static List<byte[]> firstPackets = List.of();

  @BeforeAll
  static void makeKeys() throws Exception {
    TestKeys.make(dir, "k", "RSA");
    firstPackets = firstPackets();
  }

  /** What a hundred clients send first, caught by a socket that does not answer. */
  private static List<byte[]> firstPackets() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (DatagramSocket server = socket()) {
      Channel udp =
          new Bootstrap()
              .group(group)
              .channel(NioDatagramChannel.class)
              .handler(
                  Http3.newQuicClientCodecBuilder()
                      .sslContext(
                          QuicSslContextBuilder.forClient()
                              .applicationProtocols(Http3.supportedApplicationProtocols())
                              .build())
                      .build())
              .bind(0)
              .sync()
              .channel();
      Map<ByteBuffer, byte[]> found = new LinkedHashMap<>();
      while (found.size() < 100) {
        var unused =
            QuicChannel.newBootstrap(udp)
                .handler(new Http3ClientConnectionHandler())
                .remoteAddress(server.getLocalSocketAddress())
                .connect();
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        server.receive(packet);
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        // Those that wait send their first packet again, under the same id.
        found.putIfAbsent(ByteBuffer.wrap(bytes, 6, 16), bytes);
      }
      return List.copyOf(found.values());
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(2000);
    }
  }

  private static DatagramSocket socket() throws Exception {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void send(DatagramSocket from, byte[] packet, SocketAddress to) throws Exception {
    from.send(new DatagramPacket(packet, packet.length, to));
  }

  private static Http3Listener listen(HttpHandler handler, Semaphore places, Duration handshake)
      throws Exception {
    Http3Listener listener =
        new Http3Listener(
            new Http3Fixture.Chain(handler, new HttpChain.Limits(LONG, LONG, LONG), places),
            handshake,
            new Http3Fixture.NoLog());
    listener.show(TestKeys.read(dir, "k"));
    listener.listen(new InetSocketAddress("127.0.0.1", 0));
    return listener;
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static void hello(HttpRequest request, HttpResponse to) {
    to.head(200, new HttpHeaders());
    to.write(Http3Fixture.bytes("hello"));
    to.end();
  }

  @Test
  void clientsBeyondAFewThatBeginHaveToComeBackWithATokenAndThenAreServed() throws Exception {
    Http3Listener listener = listen(Http3LoadTest::hello, new Semaphore(5_000), LONG);
    try (DatagramSocket flood = socket()) {
      until(() -> {
        sendAll(flood, firstPackets.subList(0, 64), listener.bound());
        return listener.connections() == 64;
      });
      flood.setSoTimeout(100);
      for (byte[] first : firstPackets.subList(64, firstPackets.size())) {
        until(() -> isToldToRetry(flood, first, listener.bound()));
      }
      assertThat(listener.connections()).isEqualTo(64);
      try (Http3Client client = new Http3Client(listener)) {
        assertThat(client.get("/").get().text()).isEqualTo("hello");
      }
    } finally {
      Http3Fixture.stop(listener);
    }
  }

  /** Sends what a client would send again until it is answered: a full buffer loses packets. */
  private static void sendAll(DatagramSocket from, List<byte[]> packets, SocketAddress to) {
    try {
      for (byte[] packet : packets) {
        send(from, packet, to);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Sends a first packet and looks for a Retry among the next answers, which others get as well.
   */
  private static boolean isToldToRetry(DatagramSocket from, byte[] first, SocketAddress to) {
    sendAll(from, List.of(first), to);
    DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
    try {
      for (int i = 0; i < 20; i++) {
        from.receive(answer);
        if ((answer.getData()[0] & 0xf0) == RETRY) {
          assertThat(answer.getLength()).isLessThan(200);
          return true;
        }
      }
    } catch (SocketTimeoutException nothing) {
      // It was lost, or its answer was.
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return false;
  }

  @Test
  void aConnectionThatDoesNotBeginInTimeIsForgottenWithItsPlace() throws Exception {
    CountDownLatch taken = new CountDownLatch(3);
    Semaphore places =
        new Semaphore(3) {
          private static final long serialVersionUID = 1L;

          @Override
          public boolean tryAcquire() {
            boolean given = super.tryAcquire();
            if (given) {
              taken.countDown();
            }
            return given;
          }
        };
    // The client that comes afterwards has to be in time.
    Http3Listener listener = listen(Http3LoadTest::hello, places, Duration.ofSeconds(2));
    try (DatagramSocket flood = socket()) {
      for (byte[] first : firstPackets.subList(0, 10)) {
        send(flood, first, listener.bound());
      }
      assertThat(taken.await(20, TimeUnit.SECONDS)).isTrue();
      until(() -> places.availablePermits() == 3 && listener.connections() == 0);
      try (Http3Client client = new Http3Client(listener)) {
        assertThat(client.get("/").get().text()).isEqualTo("hello");
        assertThat(places.availablePermits()).isEqualTo(2);
      }
    } finally {
      Http3Fixture.stop(listener);
    }
  }

  @Test
  void aClientBeyondTheLastPlaceIsServedOnceAnotherLeaves() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    Semaphore places =
        new Semaphore(1) {
          private static final long serialVersionUID = 1L;

          @Override
          public boolean tryAcquire() {
            boolean taken = super.tryAcquire();
            refused.addAndGet(taken ? 0 : 1);
            return taken;
          }
        };
    Http3Listener listener = listen(Http3LoadTest::hello, places, LONG);
    try {
      CompletableFuture<String> second;
      try (Http3Client first = new Http3Client(listener)) {
        assertThat(first.get("/").get().text()).isEqualTo("hello");
        second =
            CompletableFuture.supplyAsync(() -> {
              try (Http3Client client = new Http3Client(listener)) {
                return client.get("/").get().text();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
        until(() -> refused.get() > 0);
        assertThat(listener.connections()).isEqualTo(1);
      }
      assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
    } finally {
      Http3Fixture.stop(listener);
    }
  }

  @Test
  void anAddressThatDoesNotAnswerGetsThreeBytesForEachAtMost() throws Exception {
    Http3Listener listener = listen(Http3LoadTest::hello, new Semaphore(10), Duration.ofSeconds(3));
    try (DatagramSocket victim = socket()) {
      send(victim, firstPackets.getFirst(), listener.bound());
      DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
      victim.receive(answer);
      int bytes = answer.getLength();
      until(() -> listener.connections() == 0);
      victim.setSoTimeout(300);
      try {
        while (true) {
          victim.receive(answer);
          bytes += answer.getLength();
        }
      } catch (SocketTimeoutException everything) {
        assertThat(bytes).isBetween(1_000, 3 * firstPackets.getFirst().length);
      }
    } finally {
      Http3Fixture.stop(listener);
    }
  }

  @Test
  void aFirstPacketThatIsTooShortBeginsNothing() throws Exception {
    Semaphore places = new Semaphore(1);
    Http3Listener listener = listen(Http3LoadTest::hello, places, LONG);
    byte[] firstPacket = firstPackets.getFirst();
    try (DatagramSocket client = socket()) {
      send(client, Arrays.copyOf(firstPacket, 1_199), listener.bound());
      byte[] unknownVersion = Arrays.copyOf(firstPacket, 100);
      unknownVersion[4] = 0x5a;
      send(client, unknownVersion, listener.bound());
      unknownVersion = firstPacket.clone();
      unknownVersion[4] = 0x5a;
      send(client, unknownVersion, listener.bound());
      // The last one is answered with the versions there are, the others before it were not.
      DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
      client.receive(answer);
      assertThat(ByteBuffer.wrap(answer.getData()).getInt(1)).isZero();
      client.setSoTimeout(100);
      assertThatThrownBy(() -> client.receive(answer)).isInstanceOf(SocketTimeoutException.class);
      assertThat(places.availablePermits()).isEqualTo(1);
    } finally {
      Http3Fixture.stop(listener);
    }
  }
}

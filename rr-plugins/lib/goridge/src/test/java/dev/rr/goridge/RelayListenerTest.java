package dev.rr.goridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RelayListenerTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** For those who are to be too late; who is in time has to dial within it as well. */
  private static final Duration SHORT = Duration.ofMillis(500);

  @TempDir Path folder;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  @Test
  void matchesWorkersByPidWhoeverComesFirst() throws Exception {
    try (RelayListener listener = tcp()) {
      CompletableFuture<SocketChannel> first = listener.expect(11);
      try (SocketChannel early = dial(listener, 22);
          SocketChannel expected = dial(listener, 11)) {
        assertSpeaks(first, expected);
        assertSpeaks(listener.expect(22), early);
      }
    }
  }

  @Test
  void isDelayedByNoSilentWrongOrVanishingConnection() throws Exception {
    try (RelayListener listener = tcp(SHORT);
        SocketChannel silent = SocketChannel.open(listener.address());
        SocketChannel wrong = SocketChannel.open(listener.address())) {
      SocketChannel.open(listener.address()).close();
      wrong.write(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8)));
      try (SocketChannel good = dial(listener, 33)) {
        assertSpeaks(listener.expect(33), good);
      }
      assertClosed(silent);
      assertClosed(wrong);
      assertThat(complaints)
          .anyMatch(c -> c.contains("in time"))
          .anyMatch(c -> c.contains("does not speak as a worker"))
          .anyMatch(c -> c.contains("left without a word"));
    }
  }

  @Test
  void refusesASecondConnectionForTheSamePid() throws Exception {
    try (RelayListener listener = tcp();
        SocketChannel first = dial(listener, 44)) {
      awaitEarly(listener, first);
      try (SocketChannel second = dial(listener, 44)) {
        assertClosed(second);
        assertSpeaks(listener.expect(44), first);
      }
    }
  }

  @Test
  void refusesThePidOfNoWorker() throws Exception {
    try (RelayListener listener = tcp(SHORT);
        SocketChannel other = dial(listener, 55)) {
      assertClosed(other);
      assertThat(complaints).anyMatch(c -> c.contains("pid 55 is no worker"));
    }
  }

  @Test
  void replacesAStaleSocketFileButNotALiveOne() throws Exception {
    Path file = folder.resolve("relay.sock");
    SocketAddress address = UnixDomainSocketAddress.of(file);
    ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address).close();
    try (RelayListener listener = RelayListener.open(address, TIMEOUT, complaints::add)) {
      assertThatThrownBy(() -> RelayListener.open(address, TIMEOUT, complaints::add))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("Address already in use");
      try (SocketChannel worker = dial(listener, 66)) {
        assertSpeaks(listener.expect(66), worker);
      }
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void doesNotDeleteAFileThatIsNoSocket() throws Exception {
    Path file = Files.writeString(folder.resolve("precious"), "data");
    SocketAddress address = UnixDomainSocketAddress.of(file);
    assertThatThrownBy(() -> RelayListener.open(address, TIMEOUT, complaints::add))
        .hasMessage("the file exists and is not a socket");
    assertThat(file).hasContent("data");
  }

  @Test
  void failsThoseWhoWaitWhenItCloses() throws Exception {
    RelayListener listener = tcp();
    CompletableFuture<SocketChannel> waiting = listener.expect(77);
    listener.close();
    assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).hasMessageContaining("closed");
    assertThatThrownBy(() -> listener.expect(78).get(5, TimeUnit.SECONDS))
        .hasMessageContaining("closed");
  }

  private RelayListener tcp() throws IOException {
    return tcp(TIMEOUT);
  }

  private RelayListener tcp(Duration timeout) throws IOException {
    return RelayListener.open(new InetSocketAddress("127.0.0.1", 0), timeout, complaints::add);
  }

  private static SocketChannel dial(RelayListener listener, long pid) throws IOException {
    SocketChannel channel = SocketChannel.open(listener.address());
    read(channel, Frame.HEADER);
    byte[] reply = Frame.of(Frame.CONTROL, 0, ("{\"pid\":" + pid + "}").getBytes(UTF_8));
    channel.write(ByteBuffer.wrap(reply));
    return channel;
  }

  // The listener has taken the first connection in once its second is the one refused.
  private static void awaitEarly(RelayListener listener, SocketChannel first) throws Exception {
    try (SocketChannel probe = dial(listener, 99)) {
      assertSpeaks(listener.expect(99), probe);
    }
    assertThat(first.isOpen()).isTrue();
  }

  private static void assertSpeaks(CompletableFuture<SocketChannel> arrival, SocketChannel worker)
      throws Exception {
    try (SocketChannel channel = arrival.get(10, TimeUnit.SECONDS)) {
      assertThat(channel.isBlocking()).isTrue();
      worker.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
      assertThat(new String(read(channel, 5), UTF_8)).isEqualTo("hello");
    }
  }

  private static byte[] read(SocketChannel channel, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      continue;
    }
    return buffer.array();
  }

  private static void assertClosed(SocketChannel channel) {
    try {
      ByteBuffer rest = ByteBuffer.allocate(1000);
      int got;
      do {
        got = channel.read(rest.clear());
      } while (got >= 0);
    } catch (IOException reset) {
      // Closed as well.
    }
  }
}

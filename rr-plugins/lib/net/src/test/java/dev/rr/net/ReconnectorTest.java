package dev.rr.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReconnectorTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  /** What each attempt does, and what was told. */
  private static class Peer implements Reconnector.Peer<String> {
    final BlockingQueue<Callable<String>> attempts = new LinkedBlockingQueue<>();
    final List<String> told = new CopyOnWriteArrayList<>();
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    Peer refusing() {
      attempts.add(() -> {
        throw new IOException("refused");
      });
      return this;
    }

    Peer answering(String with) {
      attempts.add(() -> with);
      return this;
    }

    @Override
    public String dial() throws IOException, InterruptedException {
      heard.add("dial");
      try {
        return attempts.take().call();
      } catch (IOException | InterruptedException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void connected(String connection) {
      told.add("connected " + connection);
    }

    @Override
    public void discard(String connection) {
      told.add("discard " + connection);
    }

    @Override
    public void down(IOException cause) {
      told.add("down " + cause.getMessage());
    }

    @Override
    public void up() {
      told.add("up");
    }
  }

  /** Whoever asks may have a connection a moment before the peer is told of it. */
  private void assertTold(String... expected) throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (peer.told.size() < expected.length && System.nanoTime() < end) {
      Thread.sleep(1);
    }
    assertThat(peer.told).containsExactly(expected);
  }

  private final Peer peer = new Peer();
  private Reconnector<String> reconnector = reconnector(Duration.ofMillis(1), LONG);

  private Reconnector<String> reconnector(Duration first, Duration longest) {
    return new Reconnector<>("peer", "rr-test-dial", new Reconnector.Pauses(first, longest), peer);
  }

  @AfterEach
  void close() throws InterruptedException {
    String unused = reconnector.close(LONG);
  }

  @Test
  void dialsWhenSomebodyAsksAndKeepsTheConnection() throws Exception {
    peer.answering("a");
    assertThat(reconnector.current()).isNull();
    assertThat(reconnector.get(LONG)).isEqualTo("a");
    assertThat(reconnector.get(LONG)).isEqualTo("a");
    assertThat(reconnector.current()).isEqualTo("a");
    assertTold("connected a");
  }

  @Test
  void allWhoAskAtOnceWaitForOneAttempt() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> asked = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        asked.add(threads.submit(() -> reconnector.get(LONG)));
      }
      peer.heard.take();
      peer.answering("a");
      for (Future<String> each : asked) {
        assertThat(each.get()).isEqualTo("a");
      }
    }
    assertThat(peer.heard).isEmpty();
  }

  @Test
  void tellsAnOutageOnceAndItsEnd() throws Exception {
    reconnector = reconnector(Duration.ofMillis(1), Duration.ofMillis(2));
    peer.refusing().refusing().refusing().answering("a");
    reconnector.start();
    for (int i = 0; i < 4; i++) {
      peer.heard.take();
    }
    assertThat(reconnector.get(LONG)).isEqualTo("a");
    assertTold("down refused", "connected a", "up");
  }

  @Test
  void whoAsksAfterAFailureHasItDialedAgainAtOnce() throws Exception {
    reconnector = reconnector(Duration.ofNanos(1), LONG);
    peer.refusing().answering("a");
    assertThatThrownBy(() -> reconnector.get(LONG)).isInstanceOf(IOException.class);
    assertThat(reconnector.get(LONG)).isEqualTo("a");
  }

  @Test
  void whoAsksTooSoonGetsTheLastFailure() {
    reconnector = reconnector(LONG, LONG);
    peer.refusing();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> reconnector.get(LONG)).hasMessage("refused");
    }
    assertThat(peer.heard).hasSize(1);
  }

  @Test
  void whoAsksWaitsNoLongerThanItMay() {
    assertThatThrownBy(() -> reconnector.get(Duration.ofMillis(5)))
        .hasMessage("peer: no connection within 5 ms");
  }

  @Test
  void aLostConnectionIsReplacedAtOnceAndInSilence() throws Exception {
    peer.answering("a").answering("b");
    String first = reconnector.get(LONG);
    reconnector.lost(first);
    reconnector.lost(first);
    assertThat(reconnector.get(LONG)).isEqualTo("b");
    assertTold("connected a", "connected b");
  }

  @Test
  void aConnectionThatEndedBeforeAnybodyGotItIsReplaced() throws Exception {
    Peer hasty =
        new Peer() {
          @Override
          public void connected(String connection) {
            if (connection.equals("a")) {
              reconnector.lost(connection);
            }
          }
        };
    hasty.answering("a").answering("b");
    reconnector =
        new Reconnector<>(
            "peer", "rr-test-dial", new Reconnector.Pauses(Duration.ofMillis(1), LONG), hasty);
    assertThat(reconnector.get(LONG)).isIn("a", "b");
    hasty.heard.take();
    hasty.heard.take();
    assertThat(reconnector.get(LONG)).isEqualTo("b");
  }

  @Test
  void aFaultOfTheDialerIsAFailedAttempt() {
    peer.attempts.add(() -> {
      throw new IllegalStateException("broken");
    });
    assertThatThrownBy(() -> reconnector.get(LONG)).hasMessageContaining("broken");
  }

  @Test
  void afterTheEndThereIsNoConnection() throws Exception {
    peer.answering("a");
    reconnector.get(LONG);
    assertThat(reconnector.close(LONG)).isEqualTo("a");
    assertThat(reconnector.close(LONG)).isNull();
    assertThatThrownBy(() -> reconnector.get(LONG)).hasMessage("peer: it was closed");
  }

  @Test
  void theEndInterruptsAnAttemptAndItsPause() throws Exception {
    reconnector.start();
    peer.heard.take();
    assertThat(reconnector.close(LONG)).isNull();

    reconnector = reconnector(LONG, LONG);
    peer.refusing();
    assertThatThrownBy(() -> reconnector.get(LONG)).hasMessage("refused");
    assertThat(reconnector.close(LONG)).isNull();
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    Reconnector.Pauses pauses =
        new Reconnector.Pauses(Duration.ofMillis(8), Duration.ofMillis(100));
    assertThat(List.of(1, 2, 3, 4, 5, 100).stream().map(n -> pauses.after(n).toMillis()))
        .containsExactly(8L, 16L, 32L, 64L, 100L, 100L);
  }
}

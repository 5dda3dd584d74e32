package dev.rr.plugin.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problems;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisDialerTest {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** What the library says when it was too slow to hear the server. */
  private static final Exception MISSED =
      new IllegalStateException("RedisHandshakeHandler not registered");

  private static final RedisConfig CONFIG =
      TestRedis.section(Map.of(), new Problems()).bind(RedisConfigBinder.INSTANCE);

  private final Deque<CompletableFuture<String>> attempts = new ArrayDeque<>();

  private String await() throws IOException, InterruptedException {
    return RedisDialer.await(attempts::remove, CONFIG, LONGEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RedisHandshakeHandler not registered", "Connection closed prematurely"})
  void aRefusalThatTheLibraryMissedIsAskedForAgain(String missed) {
    attempts.addAll(
        List.of(
            CompletableFuture.failedFuture(new IOException(missed)),
            CompletableFuture.failedFuture(new IOException("WRONGPASS who are you"))));
    assertThatThrownBy(this::await).hasMessage("redis at 127.0.0.1:6379: WRONGPASS who are you");
  }

  @Test
  void aServerThatLetsInTheSecondTimeIsConnected() throws Exception {
    attempts.addAll(
        List.of(
            CompletableFuture.failedFuture(MISSED),
            CompletableFuture.completedFuture("connected")));
    assertThat(await()).isEqualTo("connected");
  }

  @Test
  void itIsNotAskedWithoutEnd() {
    for (int i = 0; i < RedisDialer.MOST_ATTEMPTS; i++) {
      attempts.add(CompletableFuture.failedFuture(MISSED));
    }
    assertThatThrownBy(this::await).hasMessageEndingWith("not registered");
    assertThat(attempts).isEmpty();
  }

  @Test
  void anotherFailureIsTold() {
    attempts.add(CompletableFuture.failedFuture(new IOException("refused")));
    assertThatThrownBy(this::await).hasMessage("redis at 127.0.0.1:6379: refused");
  }
}

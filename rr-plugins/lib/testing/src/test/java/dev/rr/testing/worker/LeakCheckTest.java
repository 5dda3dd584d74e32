package dev.rr.testing.worker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  private final LeakCheck check = new LeakCheck();
  private final CountDownLatch end = new CountDownLatch(1);

  @BeforeEach
  void begin() {
    check.begin();
  }

  @AfterEach
  void findsNothingInTheEnd() {
    end.countDown();
    check.end(Duration.ofSeconds(30));
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void findsAThreadWhateverItsName() {
    Thread.ofPlatform().name("informer-jobs").start(this::await);
    assertThatThrownBy(() -> check.end(SHORT))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("threads left")
        .hasMessageContaining("informer-jobs");
  }

  @Test
  void findsASecondThreadOfANameThatWasThereBefore() {
    Thread.ofPlatform().name("twice").start(this::await);
    check.begin();
    Thread.ofPlatform().name("twice").start(this::await);
    assertThatThrownBy(() -> check.end(SHORT)).hasMessageContaining("twice");
    end.countDown();
  }

  @Test
  void findsAVirtualThread() {
    Thread.ofVirtual().name("rpc-call").start(this::await);
    assertThatThrownBy(() -> check.end(SHORT)).hasMessageContaining("rpc-call");
  }

  @Test
  void findsASocketAndAProcess() throws IOException {
    ServerSocket socket = new ServerSocket(0);
    assertThatThrownBy(() -> check.end(SHORT)).hasMessageContaining("pipes or sockets");
    socket.close();
    Process process = new ProcessBuilder("sleep", "100").start();
    assertThatThrownBy(() -> check.end(SHORT))
        .hasMessageContaining("processes left: [" + process.pid() + "]");
    process.destroyForcibly();
  }

  @Test
  void waitsForWhatEndsByItselfAndForgivesTheJvmsOwn() {
    Thread.ofPlatform().name("short").start(() -> {});
    ForkJoinPool.commonPool().submit(() -> {}).join();
    assertThatCode(() -> check.end(Duration.ofSeconds(30))).doesNotThrowAnyException();
  }
}

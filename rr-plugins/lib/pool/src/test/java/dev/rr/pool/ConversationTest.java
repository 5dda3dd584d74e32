package dev.rr.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.Conversation;
import dev.rr.api.worker.ExecException.Kind;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.testing.worker.Answer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Workers that ask back amid their answers. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class ConversationTest {
  @TempDir Path folder;

  /** Keeps the questions, which are frames with a context that says so. */
  private static final class Asked extends Answer implements Conversation {
    final BlockingQueue<CompletableFuture<Payload>> questions = new LinkedBlockingQueue<>();

    @Override
    public @Nullable CompletableFuture<Payload> asked() {
      if (!contexts().getLast().equals("ask")) {
        return null;
      }
      CompletableFuture<Payload> question = new CompletableFuture<>();
      questions.add(question);
      return question;
    }

    CompletableFuture<Payload> question() throws InterruptedException {
      CompletableFuture<Payload> question = questions.poll(30, TimeUnit.SECONDS);
      if (question == null) {
        throw new AssertionError("nothing was asked");
      }
      return question;
    }

    void tell(String text) throws InterruptedException {
      question().complete(Payload.of(Payload.JSON, "told".getBytes(UTF_8), text.getBytes(UTF_8)));
    }
  }

  @Test
  void aWorkerGetsWhatItAskedForAmidItsAnswer() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.maxJobs = 2;
      pool.start();
      for (String words : new String[] {"ask 3", "ask 3 ping"}) {
        Asked asked = new Asked();
        pool.exec(words, "", asked);
        asked.tell("one");
        asked.tell("x".repeat(200_000));
        asked.tell("three");
        assertThat(asked.text().replace("pong;", ""))
            .isEqualTo("one;" + "x".repeat(200_000) + ";three;end");
        assertThat(asked.text().contains("pong;")).isEqualTo(words.endsWith("ping"));
      }
      assertThat(pool.log.with("allocated")).as("what is told is no job").hasSizeBetween(1, 2);
    }
  }

  @Test
  void theTimeThatAWorkerWaitsForOthersIsNotItsOwn() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.execTtl = Duration.ofHours(1);
      pool.start();
      Asked asked = new Asked();
      pool.exec("ask 2", "", asked);
      CompletableFuture<Payload> question = asked.question();
      Await.until("it waits for that", () -> question.getNumberOfDependents() > 0);
      pool.clock.advance(Duration.ofHours(2));
      question.complete(Payload.of(0, new byte[1], "late".getBytes(UTF_8)));
      asked.tell("two");
      assertThat(asked.text()).isEqualTo("late;two;end");
      // Its own time is as before.
      assertThat(pool.overdue(pool.exec("hang")).kind()).isEqualTo(Kind.EXEC_TTL);
    }
  }

  @Test
  void aWorkerThatDiesWhileItWaitsFailsItsTaskAtOnce() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      Asked asked = new Asked();
      pool.exec("ask 1", "", asked);
      CompletableFuture<Payload> question = asked.question();
      PoolFixture.kill(pool.pool().workers().getFirst().pid());
      assertThat(asked.failure().kind()).isEqualTo(Kind.NETWORK);
      assertThat(question).isCancelled();
      assertThat(pool.exec("echo", "next").text()).isEqualTo("next");
    }
  }

  @Test
  void aWorkerThatWaitsIsToldAlsoWhenItsCallerHasLeft() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      Asked asked = new Asked();
      Pool.Execution execution = pool.exec("ask 2", "", asked);
      CompletableFuture<Payload> question = asked.question();
      execution.cancel();
      question.complete(Payload.of(0, new byte[1], "over".getBytes(UTF_8)));
      asked.tell("over");
      // The frame between its questions met with a word to stop, which this one does not heed.
      assertThat(asked.text().replace("pong;", "")).isEqualTo("over;over;end");
      assertThat(pool.pid()).as("the same worker").isEqualTo(pid);
    }
  }

  @Test
  void aWorkerThatGoesOnAskingAfterItsCallerHasLeftIsKilled() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.stream = Duration.ofMillis(300);
      pool.start();
      long pid = pool.pid();
      Asked asked = new Asked();
      Pool.Execution execution = pool.exec("ask 1000000000", "", asked);
      asked.tell("first");
      execution.cancel();
      while (!asked.isOver()) {
        CompletableFuture<Payload> question = asked.questions.poll(1, TimeUnit.MILLISECONDS);
        if (question != null) {
          question.complete(Payload.of(0, new byte[1], "over".getBytes(UTF_8)));
        }
      }
      assertThat(asked.failure().kind()).isIn(Kind.NETWORK, Kind.EXEC_TTL);
      Await.until(
          "another worker", () -> pool.pool().workers().stream().anyMatch(w -> w.isReady()));
      assertThat(pool.pid()).isNotEqualTo(pid);
    }
  }

  @Test
  void aWorkerThatGoesOnAskingThoughItsAnswerIsNotWantedIsKilled() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.stream = Duration.ofMillis(300);
      pool.execTtl = Duration.ofSeconds(20);
      pool.start();
      Unwanted unwanted = new Unwanted();
      pool.exec("ask 1000000000", "", unwanted);
      assertThat(unwanted.failure().kind()).isIn(Kind.NETWORK, Kind.EXEC_TTL);
      assertThat(pool.exec("echo", "next").text()).isEqualTo("next");
    }
  }

  /** Wants no frame, and answers each question at once. */
  private static final class Unwanted extends Answer implements Conversation {
    @Override
    public boolean frame(
        int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
      return false;
    }

    @Override
    public CompletableFuture<Payload> asked() {
      return CompletableFuture.completedFuture(Payload.of(0, new byte[1], "over".getBytes(UTF_8)));
    }
  }
}

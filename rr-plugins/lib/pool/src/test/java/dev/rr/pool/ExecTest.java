package dev.rr.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.ExecException.Kind;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.testing.worker.Answer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.ProcessCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
final class ExecTest {
  @TempDir Path folder;

  @Test
  void answersWithContextBodyAndCodec() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      Answer answer = pool.exec("echo", "hello");
      assertThat(answer.text()).isEqualTo("hello");
      assertThat(answer.contexts()).containsExactly("ok");
      assertThat(answer.codec()).isEqualTo(Payload.JSON);
      assertThat(answer.frames()).isEqualTo(1);
    }
  }

  @Test
  void carriesBodiesOfEveryLengthAroundTheBuffers() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      for (int length :
          new int[] {1, 65_500, 65_520, 65_521, 65_536, 65_537, 131_072, 131_073, 300_000}) {
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);
        Answer answer = new Answer();
        pool.pool().exec(Payload.of(0, "echo".getBytes(UTF_8), body), answer);
        assertThat(answer.bytes()).as("%d bytes", length).isEqualTo(body);
      }
    }
  }

  @Test
  void writesAContextNoEarlierThanAWorkerIsThere() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      AtomicInteger written = new AtomicInteger();
      Answer slow = new Answer();
      pool.exec("slow 300", "", slow);
      Answer answer = new Answer();
      Payload.Context context =
          () -> {
            assertThat(slow.frames()).isEqualTo(1);
            written.incrementAndGet();
            return "echo".getBytes(UTF_8);
          };
      pool.pool().exec(new Payload(0, context, new Payload.Bytes(new byte[1])), answer);
      assertThat(answer.bytes()).hasSize(1);
      assertThat(written).hasValue(1);
    }
  }

  @Test
  void aContextThatCannotBeWrittenCostsItsRequestAlone() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      Answer answer = new Answer();
      Payload.Context context =
          () -> {
            throw new IllegalStateException("no words");
          };
      pool.pool().exec(new Payload(0, context, Payload.NO_BODY), answer);
      assertThat(answer.failure().getMessage()).contains("cannot be written: no words");
      assertThat(pool.pid()).isEqualTo(pid);
    }
  }

  @Test
  void streamsSpooledBodiesFromDisk() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      byte[] body = new byte[3_000_000];
      new Random(1).nextBytes(body);
      Path file = Files.write(folder.resolve("body"), body);
      Answer answer = new Answer();
      Payload.Spooled spooled = new Payload.Spooled(file, body.length);
      pool.pool().exec(new Payload(0, "echo".getBytes(UTF_8), spooled), answer);
      assertThat(answer.bytes()).isEqualTo(body);
    }
  }

  @Test
  void costsOnlyTheRequestWhenASpooledBodyIsGoneOrTooShort() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      assertThat(spooled(pool, folder.resolve("missing"), 10).failure().getMessage())
          .contains("cannot read the request's body");
      assertThat(pool.pid()).isEqualTo(pid);
      Path file = Files.write(folder.resolve("short"), new byte[70_000]);
      assertThat(spooled(pool, file, 100_000).failure().kind()).isEqualTo(Kind.NETWORK);
      assertThat(pool.exec("echo", "next").text()).isEqualTo("next");
    }
  }

  private static Answer spooled(PoolFixture pool, Path file, long length) {
    Answer answer = new Answer();
    Payload.Spooled body = new Payload.Spooled(file, length);
    pool.pool().exec(new Payload(0, "echo".getBytes(UTF_8), body), answer);
    return answer;
  }

  @Test
  void refusesAnEmptyPayload() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      ExecException error = pool.exec("", "").failure();
      assertThat(error.kind()).isEqualTo(Kind.EMPTY_PAYLOAD);
      assertThat(error).hasMessage("static_pool_exec: payload can not be empty");
    }
  }

  @Test
  void keepsTheWorkerAfterASoftError() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      ExecException error = pool.exec("soft boom").failure();
      assertThat(error.kind()).isEqualTo(Kind.SOFT_JOB);
      assertThat(error).hasMessage("sync_worker_receive_frame: SoftJobError: boom");
      assertThat(error.said()).containsExactly('b', 'o', 'o', 'm');
      assertThat(pool.pid()).isEqualTo(pid);
    }
  }

  @Test
  void costsACrashOneRequestAndTellsTheLastLines() throws Exception {
    try (PoolFixture pool = new PoolFixture(2, folder).start()) {
      ExecException error = pool.exec("crash 5").failure();
      assertThat(error.kind()).isEqualTo(Kind.NETWORK);
      assertThat(error).hasMessage("sync_worker_receive_frame: Network: EOF");
      assertThat(pool.exec("echo", "next").text()).isEqualTo("next");
      Await.until("the crash is logged", () -> !pool.log.with("exit code 5").isEmpty());
      assertThat(pool.log.with("exit code 5").getFirst()).contains("dying on purpose");
      assertThat(pool.stderr.with("dying on purpose")).isNotEmpty();
      Await.until("two workers again", () -> pool.pool().workers().size() == 2);
    }
  }

  @Test
  void skipsTextOnStdoutAndNeverLosesTheAnswerBehindIt() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      for (int length : new int[] {1, 11, 12, 13, 65_535, 65_536, 200_000}) {
        assertThat(pool.exec("junk " + length, "answer").text()).isEqualTo("answer");
      }
      assertThat(pool.pid()).isEqualTo(pid);
      assertThat(pool.log.with("printed on stdout"))
          .hasSize(7)
          .allMatch(r -> r.contains("stderr") && r.contains("text, W"));
    }
  }

  @Test
  void replacesAWorkerThatPrintsWithoutEnd() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      ExecException error = pool.exec("junk 1200000", "answer").failure();
      assertThat(error.kind()).isEqualTo(Kind.NETWORK);
      assertThat(error.getMessage()).contains("validation failed").contains("Warning: unexpected");
      assertThat(pool.pid()).isNotEqualTo(pid);
    }
  }

  @Test
  void tellsTheTextOfAFatalErrorOnStdout() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      assertThat(pool.exec("onlyjunk").failure().getMessage())
          .startsWith(
              "sync_worker_receive_frame: Network:\n\tgoridge_frame_receive: validation failed")
          .contains("PHP Fatal error: out of luck");
    }
  }

  @Test
  void retriesOnAnotherWorkerWhenOneAsksToStop() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long first = Long.parseLong(pool.exec("stopafter 1").text());
      long second = Long.parseLong(pool.exec("stopafter 1").text());
      assertThat(second).isNotEqualTo(first);
    }
  }

  @Test
  void givesUpWhenEveryWorkerAsksToStop() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      assertThat(pool.exec("stop").failure().getMessage()).contains("asked to be stopped");
      assertThat(pool.exec("echo", "next").text()).isEqualTo("next");
    }
  }

  @Test
  void replacesAWorkerWhoseFrameIsNoAnswer() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      ExecException error = pool.exec("nooption").failure();
      assertThat(error.kind()).isEqualTo(Kind.DECODE);
      assertThat(error.getMessage()).contains("options length should be equal 1 (body offset)");
      assertThat(pool.pid()).isNotEqualTo(pid);
      assertThat(pool.exec("badoption").failure().getMessage()).contains("bad payload short");
    }
  }

  @Test
  void neverTakesASecondAnswerForTheNextRequest() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      assertThat(pool.exec("twice").text()).isEqualTo("first");
      // The second answer may come late; once it was seen together with the first the worker is
      // gone.
      Answer next = pool.exec("echo", "mine");
      assertThat(next.text()).isIn("mine", "second");
    }
  }

  @Test
  void streamsWithPingAndPong() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      Answer answer = pool.exec("stream 12");
      assertThat(answer.text()).startsWith("chunk 1;chunk 2;").endsWith("chunk 12;end");
      assertThat(answer.frames()).isEqualTo(13);
      assertThat(pool.pid()).isEqualTo(pid);
    }
  }

  @Test
  void stopsAStreamThatNobodyWantsAndKeepsTheWorker() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      Answer answer =
          new Answer() {
            @Override
            protected boolean wants(int frames) {
              return frames < 3;
            }
          };
      pool.exec("endless 1", "", answer);
      assertThat(answer.failure().kind()).isEqualTo(Kind.CANCELLED);
      assertThat(answer.frames()).isEqualTo(3);
      assertThat(pool.pid()).isEqualTo(pid);
    }
  }

  @Test
  void stopsAStreamThatIsCancelled() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      Answer answer = new Answer();
      Pool.Execution execution = pool.exec("endless 1", "", answer);
      Await.until("the stream runs", () -> answer.frames() > 2);
      execution.cancel();
      assertThat(answer.failure().kind()).isEqualTo(Kind.CANCELLED);
      assertThat(pool.pid()).isEqualTo(pid);
    }
  }

  @Test
  void killsAWorkerWhoseCancelledStreamDoesNotEnd() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.stream = Duration.ofMillis(200);
      pool.start();
      long pid = pool.pid();
      Answer answer = new Answer();
      Pool.Execution execution = pool.exec("deafstream", "", answer);
      Await.until("the stream runs", () -> answer.frames() > 0);
      execution.cancel();
      answer.failure();
      assertThat(pool.pid()).isNotEqualTo(pid);
    }
  }

  @Test
  void endsAStreamByAnErrorAndReplacesTheWorker() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      Answer answer = pool.exec("streamerror 3");
      assertThat(answer.failure().getMessage()).contains("stream broke");
      assertThat(answer.frames()).isEqualTo(3);
      assertThat(pool.pid()).isNotEqualTo(pid);
    }
  }

  @Test
  void survivesAReceiverThatThrows() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      Answer answer =
          new Answer() {
            @Override
            protected boolean wants(int frames) {
              throw new IllegalStateException("receiver broke");
            }
          };
      pool.exec("stream 12", "", answer);
      assertThat(answer.failure().kind()).isEqualTo(Kind.CANCELLED);
      assertThat(pool.pid()).isEqualTo(pid);
      assertThat(pool.log.with("receiver broke")).isNotEmpty();
    }
  }

  @Test
  void limitsWaitingAndExecutingTogether() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.maxQueue = 2;
      pool.start();
      Answer running = pool.hold("a");
      Answer waiting = pool.exec("echo", "b");
      ExecException error = pool.exec("echo", "c").failure();
      assertThat(error.kind()).isEqualTo(Kind.QUEUE_SIZE);
      assertThat(pool.pool().queued()).isEqualTo(1);
      assertThat(error).hasMessage("static_pool_exec: QueueSize: max queue size reached");
      pool.release();
      assertThat(running.text()).isEqualTo("a");
      assertThat(waiting.text()).isEqualTo("b");
      assertThat(pool.exec("echo", "d").text()).isEqualTo("d");
    }
  }

  @Test
  void takesACancelledRequestOutOfTheQueue() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.maxQueue = 2;
      pool.start();
      Answer running = pool.hold("a");
      Answer waiting = new Answer();
      pool.exec("echo", "b", waiting).cancel();
      assertThat(waiting.isOver()).isTrue();
      assertThat(waiting.failure().kind()).isEqualTo(Kind.CANCELLED);
      Answer next = pool.exec("echo", "c");
      pool.release();
      assertThat(next.text()).isEqualTo("c");
      assertThat(running.text()).isEqualTo("a");
    }
  }

  @Test
  void servesInTheOrderOfArrival() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      List<String> order = new ArrayList<>();
      CountDownLatch all = new CountDownLatch(20);
      pool.exec("slow 100", "first");
      for (int i = 0; i < 20; i++) {
        String name = "r" + i;
        pool.exec(
            "echo",
            name,
            new Answer() {
              @Override
              protected boolean wants(int frames) {
                order.add(name);
                all.countDown();
                return true;
              }
            });
      }
      assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(order).hasSize(20).isSortedAccordingTo((a, b) -> number(a) - number(b));
    }
  }

  private static int number(String name) {
    return Integer.parseInt(name.substring(1));
  }

  @Test
  void failsWhatWaitsLongerThanAllocateTimeout() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.allocate = Duration.ofHours(1);
      pool.start();
      Answer running = pool.hold("a");
      ExecException error = pool.overdue(pool.exec("echo", "b"));
      assertThat(error.kind()).isEqualTo(Kind.NO_FREE_WORKERS);
      assertThat(error.getMessage()).contains("NoFreeWorkers");
      assertThat(running.isOver()).isFalse();
      pool.release();
      assertThat(running.text()).isEqualTo("a");
    }
  }

  @Test
  void killsWhatTakesLongerThanExecTtl() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.execTtl = Duration.ofHours(1);
      pool.start();
      long pid = pool.pid();
      ExecException error = pool.overdue(pool.exec("hang"));
      assertThat(error.kind()).isEqualTo(Kind.EXEC_TTL);
      assertThat(error).hasMessage("worker_exec_with_timeout: ExecTTL: context deadline exceeded");
      assertThat(pool.pid()).isNotEqualTo(pid);
    }
  }

  @Test
  void givesEveryFrameOfAStreamItsOwnExecTtl() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.execTtl = Duration.ofHours(1);
      pool.start();
      Answer answer = new Answer();
      Pool.Execution execution = pool.exec("endless 1", "", answer);
      for (int i = 0; i < 3; i++) {
        // The next but one has its time from now on.
        int frames = answer.frames();
        Await.until("the stream runs", () -> answer.frames() > frames + 1);
        pool.clock.advance(Duration.ofMinutes(40));
      }
      execution.cancel();
      assertThat(answer.failure().kind()).isEqualTo(Kind.CANCELLED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 60_000, 120_000, 400_000})
  void killsAWorkerWhoseFrameDripsForLongerThanExecTtl(int bytes) throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.execTtl = Duration.ofSeconds(1);
      pool.start();
      assertThat(pool.exec("drip " + bytes + " 10").text()).hasSize(bytes);
      assertThat(pool.exec("drip " + bytes + " 300").failure().kind()).isEqualTo(Kind.EXEC_TTL);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"big 400000", "stream 3"})
  void whatAReceiverTakesIsNoneOfTheWorkersTime(String words) throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.execTtl = Duration.ofHours(1);
      pool.start();
      long pid = pool.pid();
      Answer slow =
          new Answer() {
            @Override
            protected boolean wants(int frames) {
              if (frames == 1) {
                pool.clock.advance(Duration.ofHours(2));
              }
              return true;
            }
          };
      pool.exec(words, "", slow);
      assertThat(slow.text()).isNotEmpty();
      assertThat(pool.pid()).isEqualTo(pid);
    }
  }

  @Test
  void killsAWorkerThatGoesOnWithAStreamThatNobodyWants() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.stream = Duration.ofMillis(300);
      pool.execTtl = Duration.ofSeconds(20);
      pool.start();
      Answer unwanted =
          new Answer() {
            @Override
            protected boolean wants(int frames) {
              return false;
            }
          };
      pool.exec("deafstream 1", "", unwanted);
      assertThat(unwanted.failure().kind()).isEqualTo(Kind.EXEC_TTL);
      assertThat(pool.exec("echo", "next").text()).isEqualTo("next");
    }
  }

  @Test
  void killsTheWholeGroupOfAWorker() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long child = Long.parseLong(pool.exec("child").text());
      assertThat(ProcessCheck.runs(child)).isTrue();
      assertThat(pool.exec("crash").failure().kind()).isEqualTo(Kind.NETWORK);
      ProcessCheck.awaitEnd(child);
    }
  }
}

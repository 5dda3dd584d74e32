package dev.rr.plugin.logger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SinkTest {
  /** An output in memory that can be held up or made to fail. */
  private static final class MemoryTarget implements Target {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean held;
    private volatile boolean full;
    private volatile boolean closed;

    @Override
    public void open() {}

    @Override
    public void write(byte[] bytes, int length) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      try {
        if (held && !released.await(10, TimeUnit.SECONDS)) {
          throw new AssertionError("never released");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      synchronized (out) {
        out.write(bytes, 0, length);
      }
    }

    @Override
    public void close() {
      closed = true;
    }

    String text() {
      synchronized (out) {
        return out.toString(UTF_8);
      }
    }
  }

  private final MemoryTarget target = new MemoryTarget();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final Sink sink = new Sink("test", target, complaints::add);

  private void write(String line) {
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    sink.write(bytes, bytes.length);
  }

  private void stop() throws IOException, InterruptedException {
    sink.stop(Deadline.after(Duration.ofSeconds(10)));
  }

  private void await(String what) throws InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(10));
    while (!target.text().contains(what)) {
      assertThat(deadline.passed()).as("waiting for %s in %s", what, target.text()).isFalse();
      Thread.sleep(1);
    }
  }

  @Test
  void linesBeforeStartAreWrittenAtOnce() {
    write("early");
    assertThat(target.text()).isEqualTo("early\n");
  }

  @Test
  void linesAppearWithoutAnybodyStoppingTheSink() throws Exception {
    sink.start();
    write("one");
    await("one");
    write("two");
    await("two");
    stop();
  }

  @Test
  void keepsEveryLineOfEveryThreadInThatThreadsOrder() throws Exception {
    sink.start();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int id = t;
      threads.add(
          Thread.ofPlatform()
              .name("writer-" + t)
              .start(() -> {
                for (int i = 0; i < 20_000; i++) {
                  write(id + " " + i);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join(20_000);
    }
    stop();
    int[] next = new int[4];
    target
        .text()
        .lines()
        .forEach(line -> {
          String[] parts = line.split(" ");
          int id = Integer.parseInt(parts[0]);
          assertThat(Integer.parseInt(parts[1])).isEqualTo(next[id]++);
        });
    assertThat(next).containsOnly(20_000);
  }

  @Test
  void anOutputThatStandsStillCostsACallerOneShortWaitAndLostLinesAreCounted() throws Exception {
    target.held = true;
    sink.start();
    String big = "x".repeat(1 << 20);
    long begin = System.nanoTime();
    int written = 40;
    for (int i = 0; i < written; i++) {
      write(big);
    }
    long millis = (System.nanoTime() - begin) / 1_000_000;
    assertThat(millis).isBetween(90L, 5_000L);
    target.released.countDown();
    target.held = false;
    await("log lines were lost");
    stop();
    long whole = target.text().lines().filter(line -> line.equals(big)).count();
    String notice =
        target.text().lines().filter(line -> line.contains("were lost")).findFirst().orElseThrow();
    assertThat(notice).contains("\"lines\": " + (written - whole) + ",");
  }

  @Test
  void aFullDiskLosesLinesAndNothingElse() throws Exception {
    sink.start();
    target.full = true;
    write("gone 1");
    write("gone 2");
    Deadline deadline = Deadline.after(Duration.ofSeconds(10));
    while (complaints.isEmpty()) {
      assertThat(deadline.passed()).isFalse();
      Thread.sleep(1);
    }
    target.full = false;
    write("kept");
    await("log lines were lost");
    stop();
    assertThat(target.text()).contains("kept\n").contains("\"lines\": ");
    assertThat(complaints)
        .containsExactly(
            "log test: cannot write: No space left on device; lines are lost until this is mended",
            "log test: writing works again");
  }

  @Test
  void aRealFullDeviceIsSurvived() throws Exception {
    Sink full = new Sink("full", new FileTarget(Path.of("/dev/full")), complaints::add);
    full.start();
    full.write("line\n".getBytes(UTF_8), 5);
    full.stop(Deadline.after(Duration.ofSeconds(10)));
    assertThat(complaints).singleElement().asString().contains("No space left on device");
  }

  @Test
  void stopWritesWhatHasGatheredAndClosesAndLaterLinesGoElsewhere() throws Exception {
    sink.start();
    for (int i = 0; i < 1000; i++) {
      write("line " + i);
    }
    stop();
    assertThat(target.text().lines()).hasSize(1000);
    assertThat(target.closed).isTrue();
    write("late");
    assertThat(complaints).containsExactly("late");
  }

  @Test
  void stopGivesUpOnAnOutputThatStandsStill() throws Exception {
    target.held = true;
    sink.start();
    write("stuck");
    long begin = System.nanoTime();
    sink.stop(Deadline.after(Duration.ofMillis(50)));
    assertThat(System.nanoTime() - begin).isLessThan(15_000_000_000L);
    target.released.countDown();
  }

  @Test
  void aFileThatCannotBeOpenedSaysWhy() {
    Sink broken = new Sink("b", new FileTarget(Path.of("/nonexistent/x.log")), complaints::add);
    assertThatThrownBy(broken::start)
        .isInstanceOf(IOException.class)
        .hasMessage("cannot open /nonexistent/x.log: its folder does not exist");
  }
}

package dev.rr.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.ExecException.Kind;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.testing.worker.Answer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Drives a pool through random interleavings beside a model that knows only this: each request has
 * one kind of end, each violent death of a worker may cost one request, and the number of workers
 * is what was asked for. Replay one by {@code -Drr.seed=…}; {@code -Drr.long} runs fifty.
 */
@ExtendWith(LeakCheck.class)
final class PoolModelTest {
  private static final int STEPS = 150;

  @TempDir Path folder;

  static List<Long> seeds() {
    Long fixed = Long.getLong("rr.seed");
    if (fixed != null) {
      return List.of(fixed);
    }
    int count = System.getProperty("rr.long") == null ? 3 : 50;
    Random random = new Random();
    List<Long> seeds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      seeds.add(random.nextLong());
    }
    return seeds;
  }

  /** A request and the end it may have. */
  private record Sent(String words, String expected, Answer answer, boolean cancelled) {}

  @ParameterizedTest
  @MethodSource("seeds")
  void endsEveryRequestOnceAndKeepsItsWorkers(long seed) throws Exception {
    Random random = new Random(seed);
    try (PoolFixture pool = new PoolFixture(1 + random.nextInt(4), folder)) {
      pool.execTtl = Duration.ofSeconds(3);
      pool.maxJobs = random.nextBoolean() ? 0 : 5;
      pool.start();
      Run run = new Run(pool, random);
      for (int step = 0; step < STEPS; step++) {
        run.step();
      }
      run.check(seed);
      Await.until(
          "seed " + seed + ": " + run.wanted + " workers, found " + pool.pool().workers(),
          () -> ready(pool) == run.wanted);
    }
  }

  private static long ready(PoolFixture pool) {
    return pool.pool().workers().stream().filter(w -> w.status() == 1).count();
  }

  private static final class Run {
    private final PoolFixture pool;
    private final Random random;
    private final List<Sent> sent = new ArrayList<>();
    private int wanted;
    private int kills;
    private int hangs;

    Run(PoolFixture pool, Random random) {
      this.pool = pool;
      this.random = random;
      this.wanted = pool.workers;
    }

    void step() throws InterruptedException {
      switch (random.nextInt(24)) {
        case 0 -> pool.pool().reset();
        case 1 -> add();
        case 2 -> remove();
        case 3, 4 -> kill();
        case 5 -> request("crash", "", Optional.of(Kind.NETWORK));
        case 6 -> hang();
        case 7 -> request("soft no", "", Optional.of(Kind.SOFT_JOB));
        case 8 -> request("nooption", "", Optional.of(Kind.DECODE));
        case 9, 10 -> request("stream 7", "chunk 1;", Optional.empty());
        case 11 -> request("junk 300", "j", Optional.empty());
        case 12 -> request("big 100000", "xxx", Optional.empty());
        case 13, 14 -> request("slow 20", "s", Optional.empty());
        default -> request("echo", "e" + sent.size(), Optional.empty());
      }
      if (random.nextInt(4) == 0) {
        Thread.sleep(random.nextInt(20));
      }
    }

    private void add() throws InterruptedException {
      if (wanted < 6) {
        pool.pool().addWorker();
        wanted++;
      }
    }

    private void remove() {
      pool.pool().removeWorker();
      wanted = Math.max(1, wanted - 1);
    }

    private void kill() {
      List<WorkerSnapshot> workers = pool.pool().workers();
      if (!workers.isEmpty()) {
        PoolFixture.kill(workers.get(random.nextInt(workers.size())).pid());
        kills++;
      }
    }

    // Each holds a worker for the length of exec_ttl.
    private void hang() {
      if (hangs++ < 2) {
        request("hang", "", Optional.of(Kind.EXEC_TTL));
      }
    }

    private void request(String words, String body, Optional<Kind> failure) {
      Answer answer = new Answer();
      Pool.Execution execution = pool.exec(words, body, answer);
      boolean cancel = random.nextInt(8) == 0;
      if (cancel) {
        execution.cancel();
      }
      sent.add(new Sent(words, failure.map(Kind::name).orElse(body), answer, cancel));
    }

    void check(long seed) {
      int lost = 0;
      for (Sent one : sent) {
        ExecException failure = one.answer().await();
        boolean right = failure == null ? answered(one) : failed(one, failure);
        // A worker that was killed takes its request along, whatever that was.
        if (!right && failure != null && failure.kind() == Kind.NETWORK) {
          lost++;
          right = true;
        }
        assertThat(right).as("seed %d: %s ended with %s", seed, one, failure).isTrue();
        assertThat(one.answer().ends()).as("seed %d: ends of %s", seed, one.words()).isEqualTo(1);
      }
      assertThat(lost).as("seed %d: lost requests", seed).isLessThanOrEqualTo(kills);
    }

    private static boolean answered(Sent one) {
      return one.answer().text().startsWith(one.expected());
    }

    private static boolean failed(Sent one, ExecException failure) {
      return failure.kind().name().equals(one.expected())
          || one.cancelled() && failure.kind() == Kind.CANCELLED;
    }
  }
}

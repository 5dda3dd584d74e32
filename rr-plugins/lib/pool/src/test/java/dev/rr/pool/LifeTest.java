package dev.rr.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.health.Health;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.ExecException.Kind;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.testing.worker.Answer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
final class LifeTest {
  @TempDir Path folder;

  @Test
  void tellsAMissingScript() {
    PoolFixture pool = new PoolFixture(folder);
    pool.command = List.of("php", "-n", "missing.php");
    assertStartFails(pool, "does not exist in " + folder, "Could not open input file: missing.php");
  }

  @Test
  void tellsAMissingProgram() {
    PoolFixture pool = new PoolFixture(folder);
    pool.command = List.of("no-such-php", "worker.php");
    assertStartFails(pool, "the program no-such-php was not found in PATH");
  }

  @Test
  void tellsTheLastLinesOfAWorkerThatLeavesAtOnce() {
    assertStartFails(
        new PoolFixture(folder, "exit"),
        "exit code 3",
        "last lines on stderr",
        "boot failed for a reason");
  }

  @Test
  void tellsWhatAWorkerPrintedBeforeItLeft() {
    assertStartFails(
        new PoolFixture(folder, "only-print"), "warning: some weird php error", "on stdout");
  }

  @Test
  void tellsAWorkerThatNeverAnswers() {
    PoolFixture pool = new PoolFixture(folder, "hang");
    pool.workers = 3;
    pool.allocate = Duration.ofMillis(500);
    assertStartFails(pool, "not ready within 500ms", "allocate-timeout");
  }

  @Test
  void tellsAnAnswerThatIsNoPid() {
    assertStartFails(new PoolFixture(folder, "no-control"), "no CONTROL flag");
  }

  @Test
  void isWellWhileAWorkerIsThereAndReadyWhileOneIsFree() throws Exception {
    try (PoolFixture fixture = new PoolFixture(folder)) {
      WorkerPool pool = fixture.open();
      assertThat(List.of(pool.live(), pool.ready())).containsOnly(Health.DOWN);
      pool.start();
      assertThat(List.of(pool.live(), pool.ready())).containsOnly(Health.UP);
      fixture.exec("hang", "", new Answer());
      Await.until("a busy worker", () -> pool.ready().equals(Health.DOWN));
      assertThat(pool.live()).isEqualTo(Health.UP);
      // Nobody waits for the request.
      pool.stop(Deadline.after(Duration.ZERO));
    }
  }

  @Test
  void inDebugModeIsWellWithoutWorkersThatStay() throws Exception {
    try (PoolFixture fixture = new PoolFixture(folder)) {
      fixture.debug = true;
      fixture.start();
      assertThat(List.of(fixture.pool().live(), fixture.pool().ready())).containsOnly(Health.UP);
    }
  }

  private static void assertStartFails(PoolFixture fixture, String... words) {
    try (fixture) {
      assertThatThrownBy(fixture::start)
          .isInstanceOfSatisfying(
              ExecException.class, e -> assertThat(e.kind()).isEqualTo(Kind.WORKER_ALLOCATE))
          .message()
          .contains(words);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void startsDespiteTextThatIsPrintedAtBootAndSaysSo() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder, "print").start()) {
      assertThat(pool.exec("echo", "fine").text()).isEqualTo("fine");
      assertThat(pool.log.with("Notice: printed at boot")).isNotEmpty();
    }
  }

  @Test
  void showsEveryWorkerWithMemoryAndState() throws Exception {
    try (PoolFixture pool = new PoolFixture(3, folder).start()) {
      pool.exec("echo", "x").text();
      List<WorkerSnapshot> workers = pool.pool().workers();
      assertThat(workers)
          .hasSize(3)
          .allMatch(w -> w.statusStr().equals("ready") && w.status() == 1);
      assertThat(workers).allMatch(w -> w.memoryUsage() > 1 << 20 && w.pid() > 0);
      assertThat(workers.stream().mapToLong(WorkerSnapshot::numExecs).sum()).isEqualTo(1);
      Answer busy = pool.hold("x");
      assertThat(pool.pool().workers()).filteredOn(w -> w.status() == 2).hasSize(1);
      pool.release();
      assertThat(busy.text()).isEqualTo("x");
    }
  }

  @Test
  void replacesAWorkerAfterMaxJobs() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.maxJobs = 1;
      pool.start();
      Set<Long> pids = new HashSet<>();
      for (int i = 0; i < 5; i++) {
        pids.add(pool.pid());
      }
      assertThat(pids).hasSize(5);
    }
  }

  @Test
  void spreadsMaxJobsByUpToFourteenPercent() {
    PoolFixture fixture = new PoolFixture(folder);
    fixture.maxJobs = 1000;
    PoolSettings settings = fixture.settings();
    Set<Long> limits = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      limits.add(settings.maxJobs());
    }
    assertThat(limits).allMatch(l -> l >= 1000 && l <= 1140).hasSizeGreaterThan(5);
  }

  @Test
  void replacesAnIdleWorkerThatDied() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      PoolFixture.kill(pid);
      Await.until(
          "another worker is ready",
          () -> pool.pool().workers().stream().anyMatch(w -> w.pid() != pid && w.status() == 1));
      assertThat(pool.pid()).isNotEqualTo(pid);
      assertThat(pool.log.with("ended on its own, killed by signal 9")).isNotEmpty();
    }
  }

  @Test
  void recoversFromZeroWorkersOnceTheScriptIsBack() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      long pid = pool.pid();
      Path script = folder.resolve("fake-worker.php");
      Path away = Files.move(script, folder.resolve("away.php"));
      PoolFixture.kill(pid);
      Await.until("a start failed", () -> !pool.log.with("could not be started").isEmpty());
      List<Answer> waiting = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        waiting.add(pool.exec("echo", "waited"));
      }
      Files.move(away, script);
      assertThat(waiting).allMatch(a -> a.text().equals("waited"));
    }
  }

  @Test
  void slowsDownAfterFailedStarts() {
    assertThat(WorkerSet.pauseAfter(0)).isZero();
    assertThat(WorkerSet.pauseAfter(1)).isEqualTo(100_000_000);
    assertThat(WorkerSet.pauseAfter(3)).isEqualTo(400_000_000);
    assertThat(WorkerSet.pauseAfter(1000)).isEqualTo(5_000_000_000L);
  }

  @Test
  void resetsWithoutAGapAndWithoutWaitingForAHungRequest() throws Exception {
    try (PoolFixture pool = new PoolFixture(2, folder)) {
      pool.reset = Duration.ofHours(1);
      pool.start();
      Set<Long> old = pids(pool);
      Answer hung = pool.exec("hang");
      pool.awaitBusy();
      pool.pool().reset();
      assertThat(hung.isOver()).isFalse();
      assertThat(pids(pool)).hasSize(2).doesNotContainAnyElementsOf(old);
      assertThat(pool.exec("echo", "after").text()).isEqualTo("after");
      assertThat(pool.overdue(hung).kind()).isEqualTo(Kind.NETWORK);
    }
  }

  @Test
  void deliversARunningAnswerThroughAReset() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      Answer running = pool.hold("late");
      pool.pool().reset();
      pool.release();
      assertThat(running.text()).isEqualTo("late");
    }
  }

  @Test
  void keepsTheOldWorkersWhenNewOnesDoNotStart() throws Exception {
    try (PoolFixture pool = new PoolFixture(2, folder).start()) {
      Set<Long> old = pids(pool);
      Files.move(folder.resolve("fake-worker.php"), folder.resolve("away.php"));
      assertThatThrownBy(() -> pool.pool().reset()).hasMessageContaining("does not exist");
      assertThat(pids(pool)).isEqualTo(old);
      assertThat(pool.exec("echo", "still").text()).isEqualTo("still");
    }
  }

  @Test
  void addsAndRemovesWorkersButNeverTheLast() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder).start()) {
      pool.pool().addWorker();
      pool.pool().addWorker();
      assertThat(pids(pool)).hasSize(3);
      for (int i = 0; i < 5; i++) {
        pool.pool().removeWorker();
      }
      assertThat(pids(pool)).hasSize(1);
      assertThat(pool.log.with("can't remove the last worker")).hasSize(3);
      assertThat(pool.exec("echo", "one").text()).isEqualTo("one");
    }
  }

  @Test
  void hasNoWorkersToManageBeforeItStarts() throws Exception {
    try (PoolFixture fixture = new PoolFixture(folder)) {
      WorkerPool pool = fixture.open();
      pool.addWorker();
      pool.removeWorker();
      pool.reset();
      assertThat(pool.workers()).isEmpty();
      pool.start();
      assertThat(pool.workers()).hasSize(1);
      assertThat(fixture.log.with("WARN")).isEmpty();
    }
  }

  @Test
  void refusesToAddAWorkerOnceItIsStopped() throws Exception {
    PoolFixture pool = new PoolFixture(folder).start();
    pool.close();
    assertThatThrownBy(() -> pool.pool().addWorker())
        .isInstanceOfSatisfying(
            ExecException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STOPPED));
    pool.pool().reset();
    assertThat(pool.pool().workers()).isEmpty();
  }

  @Test
  void logsTheLimitThatAWorkerReallyHas() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.maxJobs = 50;
      pool.start();
      String pid = Long.toString(pool.pid());
      int execs = 1;
      while (pool.exec("pid").text().equals(pid)) {
        execs++;
      }
      String allocated = "worker is allocated [pid, " + pid + ", max_execs, " + execs + ",";
      assertThat(pool.log.with(allocated)).hasSize(1);
    }
  }

  @Test
  void startsAProcessForEachRequestInDebugMode() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.debug = true;
      pool.start();
      Set<Long> pids = Set.of(pool.pid(), pool.pid(), pool.pid());
      assertThat(pids).hasSize(3);
      assertThat(pool.pool().workers()).isEmpty();
      assertThat(pool.exec("soft no").failure().kind()).isEqualTo(Kind.SOFT_JOB);
      pool.pool().addWorker();
      pool.pool().removeWorker();
      pool.pool().reset();
      List<Answer> parallel = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        parallel.add(pool.exec("slow 50"));
      }
      assertThat(parallel.stream().map(Answer::text).collect(Collectors.toSet())).hasSize(6);
    }
  }

  @Test
  void failsTheRequestWhoseProcessDoesNotStartInDebugMode() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder, "exit")) {
      pool.debug = true;
      pool.start();
      ExecException error = pool.exec("pid").failure();
      assertThat(error.kind()).isEqualTo(Kind.WORKER_ALLOCATE);
      assertThat(error.getMessage()).contains("boot failed for a reason");
    }
  }

  @Test
  void replacesWorkersThatAreTooOld() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.ttl = Duration.ofMillis(300);
      pool.start();
      Set<Long> old = pids(pool);
      Answer running = pool.exec("slow 900", "late");
      assertThat(running.text()).isEqualTo("late");
      Await.until("replaced", () -> !pids(pool).isEmpty() && !pids(pool).equals(old));
    }
  }

  @Test
  void replacesIdleWorkersOnlyOnceUsed() throws Exception {
    try (PoolFixture pool = new PoolFixture(2, folder)) {
      pool.idleTtl = Duration.ofMillis(300);
      pool.start();
      Set<Long> old = pids(pool);
      long used = pool.pid();
      Await.until(
          "the used one is replaced", () -> pids(pool).size() == 2 && !pids(pool).contains(used));
      assertThat(pids(pool)).containsAnyElementsOf(old);
    }
  }

  @Test
  void replacesWorkersThatAreTooBigAfterTheirAnswer() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.memory = 64;
      pool.start();
      long big = Long.parseLong(pool.exec("memory 80").text());
      Await.until("replaced", () -> !pids(pool).isEmpty() && !pids(pool).contains(big));
      assertThat(pool.log.with("max memory")).isNotEmpty();
    }
  }

  @Test
  void servesTheRequestThatNeededAnotherWorker() throws Exception {
    try (PoolFixture pool = new PoolFixture(folder)) {
      pool.dynamic = 3;
      pool.spawnRate = 10;
      pool.idleTimeout = Duration.ofHours(1);
      pool.start();
      Answer running = pool.hold("slow");
      assertThat(pool.exec("echo", "quick").text()).isEqualTo("quick");
      assertThat(running.isOver()).isFalse();
      Await.until("all on top are there", () -> pids(pool).size() == 4);
      pool.release();
      assertThat(running.text()).isEqualTo("slow");
      pool.clock.advance(Duration.ofHours(2));
      Await.until("back to the configured one", () -> pids(pool).size() == 1);
    }
  }

  @Test
  void finishesWhatItTookWhenItStops() throws Exception {
    PoolFixture pool = new PoolFixture(folder).start();
    Answer running = pool.exec("slow 300", "running");
    Answer queued = pool.exec("echo", "queued");
    pool.pool().stop(Deadline.after(Duration.ofSeconds(20)));
    assertThat(running.text()).isEqualTo("running");
    assertThat(queued.text()).isEqualTo("queued");
    ExecException late = pool.exec("echo", "late").failure();
    assertThat(late.kind()).isEqualTo(Kind.STOPPED);
    assertThat(late.getMessage()).contains("Workers watcher stopped");
    pool.close();
  }

  @Test
  void stopsInTimeDespiteAHungRequest() throws Exception {
    PoolFixture pool = new PoolFixture(folder).start();
    Answer hung = pool.exec("hang");
    Answer queued = pool.exec("echo", "queued");
    Await.until("it runs", () -> pool.pool().workers().getFirst().status() == 2);
    pool.pool().stop(Deadline.after(Duration.ofMillis(300)));
    assertThat(hung.failure().kind()).isEqualTo(Kind.STOPPED);
    assertThat(queued.failure().kind()).isEqualTo(Kind.STOPPED);
  }

  private static Set<Long> pids(PoolFixture pool) {
    return pool.pool().workers().stream().map(WorkerSnapshot::pid).collect(Collectors.toSet());
  }
}

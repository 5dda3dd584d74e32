package dev.rr.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.config.StringOrList;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.api.worker.PoolConfig.DynamicAllocator;
import dev.rr.api.worker.PoolConfig.Supervisor;
import dev.rr.process.ProcessCommand;
import dev.rr.testing.worker.Answer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakeWorker;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pool of fake workers on pipes, with knobs; starts when asked and always stops. */
final class PoolFixture implements AutoCloseable {
  private final Path folder;
  final RecordingLog log = new RecordingLog();
  final RecordingLog stderr = new RecordingLog();
  final TestClock clock = new TestClock();
  final Map<String, String> environment = new HashMap<>(System.getenv());
  private Optional<WorkerPool> pool = Optional.empty();

  int workers = 1;
  boolean debug;
  long maxJobs;
  long maxQueue;
  Duration allocate = Duration.ofSeconds(30);
  Duration reset = Duration.ofSeconds(30);
  Duration stream = Duration.ofSeconds(30);
  Duration destroy = Duration.ofSeconds(30);
  Duration tick = Duration.ofMillis(50);
  Duration ttl = Duration.ZERO;
  Duration idleTtl = Duration.ZERO;
  Duration execTtl = Duration.ZERO;
  long memory;
  int dynamic;
  int spawnRate = 5;
  Duration idleTimeout = Duration.ofSeconds(60);
  List<String> command;

  PoolFixture(Path folder, String... arguments) {
    this.folder = folder;
    this.command = FakeWorker.command(folder, arguments);
  }

  PoolFixture(int workers, Path folder) {
    this(folder);
    this.workers = workers;
  }

  PoolSettings settings() {
    return PoolSettings.of("test", config(), this::launcher, log, stderr, clock);
  }

  private PoolConfig config() {
    return new PoolConfig(
        debug,
        StringOrList.EMPTY,
        workers,
        maxJobs,
        maxQueue,
        allocate,
        reset,
        stream,
        destroy,
        Optional.of(new Supervisor(tick, ttl, idleTtl, execTtl, memory)),
        dynamic == 0
            ? Optional.empty()
            : Optional.of(new DynamicAllocator(dynamic, spawnRate, idleTimeout)));
  }

  private Launcher launcher() {
    return new PipeLauncher(new ProcessCommand(command, environment, folder, Optional.empty()));
  }

  WorkerPool open() {
    WorkerPool made = new WorkerPool("test", config(), this::launcher, log, stderr, clock);
    pool = Optional.of(made);
    return made;
  }

  PoolFixture start() throws InterruptedException {
    open().start();
    return this;
  }

  WorkerPool pool() {
    return pool.orElseThrow();
  }

  Answer exec(String words) {
    return exec(words, "");
  }

  Answer exec(String words, String body) {
    Answer answer = new Answer();
    exec(words, body, answer);
    return answer;
  }

  Pool.Execution exec(String words, String body, Answer answer) {
    return pool()
        .exec(Payload.of(Payload.JSON, words.getBytes(UTF_8), body.getBytes(UTF_8)), answer);
  }

  /** Has a worker be busy until {@link #release}; returns when it is. */
  Answer hold(String body) {
    Answer held = exec("hold " + folder.resolve("go"), body);
    awaitBusy();
    return held;
  }

  /** Lets all answer that were held. */
  void release() throws IOException {
    Files.createFile(folder.resolve("go"));
  }

  /** Waits until a worker has taken a request that it does not answer by itself. */
  void awaitBusy() {
    Await.until("a busy worker", () -> pool().workers().stream().anyMatch(w -> w.isWorking()));
  }

  /** Waits for the end of a request whose time is over; puts the time forward until it is. */
  ExecException overdue(Answer request) throws InterruptedException {
    Await.until(
        "its end",
        () -> {
          // Its time may begin only now.
          clock.advance(Duration.ofHours(2));
          return request.isOver();
        });
    return request.failure();
  }

  long pid() {
    return Long.parseLong(exec("pid").text());
  }

  /** Kills without telling the pool. */
  static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() throws InterruptedException {
    if (pool.isPresent()) {
      pool.get().stop(Deadline.after(Duration.ofSeconds(5)));
    }
  }
}

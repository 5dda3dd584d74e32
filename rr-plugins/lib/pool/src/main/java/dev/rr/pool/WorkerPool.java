package dev.rr.pool;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.api.worker.Reply;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.goridge.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A pool of worker processes. Any thread; see the package for the threads it owns. */
public final class WorkerPool implements Pool {
  /** Most workers a pool may have configured. */
  public static final int MOST_CONFIGURED = 500;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);
  private static final int MOST_BUFFERS = 32;

  private final String name;
  private final PoolConfig config;
  private final Supplier<Launcher> launcher;
  private final Log log;
  private final Log stderrLog;
  private final long origin = System.nanoTime();
  private final long execTtl;
  private final long maxQueue;
  private final TaskQueue queue = new TaskQueue();
  private final AtomicInteger inside = new AtomicInteger();
  private final Crew crew;
  private final Watcher watcher;
  private final @Nullable Supervisor supervisor;
  private final @Nullable Allocator allocator;
  private final ConcurrentLinkedDeque<Relay.Buffers> buffers = new ConcurrentLinkedDeque<>();

  private volatile boolean started;
  private volatile boolean closing;
  private volatile boolean cutOff;

  /**
   * A pool; nothing is started yet.
   *
   * @param name names the threads
   * @param launcher asked for each worker
   * @param log where the pool reports
   * @param stderrLog where the workers' stderr goes
   */
  public WorkerPool(
      String name, PoolConfig config, Supplier<Launcher> launcher, Log log, Log stderrLog) {
    this.name = name;
    this.config = config;
    this.launcher = launcher;
    this.log = log;
    this.stderrLog = stderrLog;
    this.execTtl = config.supervisor().map(s -> s.execTtl().toNanos()).orElse(0L);
    this.maxQueue = config.maxQueueSize() == 0 ? PoolConfig.DEFAULT_QUEUE : config.maxQueueSize();
    this.crew = new Crew(this, queue);
    this.watcher = new Watcher(this, shortest(config));
    this.supervisor =
        config.debug() ? null : config.supervisor().map(s -> new Supervisor(this, s)).orElse(null);
    this.allocator =
        config.debug()
            ? null
            : config.dynamicAllocator().map(a -> new Allocator(this, crew, a)).orElse(null);
  }

  @Override
  public void start() throws InterruptedException {
    if (config.numWorkers() > MOST_CONFIGURED) {
      throw Errors.allocate("number of workers can't be more than 500");
    }
    watcher.start();
    if (!config.debug()) {
      try {
        crew.start(config.numWorkers());
      } catch (ExecException | InterruptedException e) {
        stop(Deadline.after(Duration.ZERO));
        throw e;
      }
    }
    started = true;
  }

  @Override
  public Execution exec(Payload payload, Reply reply) {
    Task task = new Task(this, payload, reply);
    int taken = inside.incrementAndGet();
    if (payload.isEmpty()) {
      task.fail(Errors.empty());
    } else if (taken > maxQueue) {
      log.warn("max queue size reached", "max_queue_size", maxQueue);
      task.fail(Errors.queueSize());
    } else {
      task.queuedAt = now();
      task.expiresAt = task.queuedAt + config.allocateTimeout().toNanos();
      if (!queue.offer(task)) {
        task.fail(Errors.stopped());
      } else if (config.debug()) {
        crew.startForOne();
      }
    }
    return task;
  }

  @Override
  public List<WorkerSnapshot> workers() {
    return config.debug() || !started
        ? List.of()
        : crew.visible().stream().map(Worker::snapshot).toList();
  }

  @Override
  public void addWorker() throws InterruptedException {
    if (config.debug()) {
      log.warn("add worker is not allowed in the debug mode");
      return;
    }
    crew.add();
  }

  @Override
  public void removeWorker() {
    if (config.debug()) {
      log.warn("remove worker is not allowed in the debug mode");
    } else if (!crew.remove()) {
      log.warn("can't remove the last worker");
    }
  }

  @Override
  public void reset() throws InterruptedException {
    if (!config.debug()) {
      crew.reset();
    }
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    closing = true;
    queue.close();
    crew.stop(deadline.within(config.destroyTimeout()));
    watcher.stop();
  }

  // ---- for the workers, the crew and the watcher ---------------------------------------------

  String name() {
    return name;
  }

  PoolConfig config() {
    return config;
  }

  Launcher launcher() {
    return launcher.get();
  }

  Log log() {
    return log;
  }

  Log stderrLog() {
    return stderrLog;
  }

  /** Nanoseconds since the pool was made; always positive. */
  long now() {
    return System.nanoTime() - origin + 1;
  }

  long execTtlNanos() {
    return execTtl;
  }

  /** Whether no more payloads are taken. */
  boolean closing() {
    return closing;
  }

  /** Whether stopping waits for nobody any more. */
  boolean cutOff() {
    return cutOff;
  }

  /** Gives up on whatever is still queued or running. */
  void setCutOff() {
    cutOff = true;
    queue.drain().forEach(task -> task.fail(Errors.stopped()));
  }

  /** A task gives its place back. */
  void left() {
    inside.decrementAndGet();
  }

  void cancel(Task task) {
    if (queue.remove(task)) {
      task.fail(Errors.cancelled());
    }
  }

  /** Takes a task back that a worker could not begin, or would not answer; it waits anew. */
  void giveBack(Task task) {
    task.queuedAt = now();
    task.expiresAt = task.queuedAt + config.allocateTimeout().toNanos();
    if (cutOff) {
      task.fail(Errors.stopped());
    } else if (task.cancelled()) {
      task.fail(Errors.cancelled());
    } else {
      queue.giveBack(task);
      if (config.debug()) {
        crew.startForOne();
      }
    }
  }

  void report(Runnable reply) {
    try {
      reply.run();
    } catch (RuntimeException | StackOverflowError e) {
      replyFailed(e);
    }
  }

  void replyFailed(Throwable e) {
    log.log(Log.Level.ERROR, "the receiver of an answer failed", e);
  }

  /** How many payloads a new worker may take. The jitter keeps workers from leaving all at once. */
  long maxJobs() {
    if (config.debug()) {
      return 1;
    }
    long jobs = config.maxJobs();
    return jobs == 0 ? Long.MAX_VALUE : jobs + jobs * ThreadLocalRandom.current().nextInt(15) / 100;
  }

  /** How long a worker waits after so many starts that failed in a row. */
  static long pauseAfter(int failures) {
    return failures == 0 ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures - 1, 20));
  }

  boolean pause(Worker worker, int failures) throws InterruptedException {
    return crew.pause(worker, pauseAfter(failures));
  }

  void opened(Worker worker) {
    crew.opened(worker);
    log.debug(
        "worker is allocated",
        "pid",
        worker.pid(),
        "max_execs",
        worker.maxExecs(),
        "internal_event_name",
        "EventWorkerConstruct");
  }

  void startFailed(Worker worker, String why) {
    if (config.debug()) {
      Task task = queue.poll();
      if (task != null) {
        task.fail(Errors.allocate(why));
      }
    }
    crew.startFailed(worker, why);
  }

  void leavesService(Worker worker) {
    crew.leavesService(worker);
  }

  void gone(Worker worker) {
    crew.gone(worker);
    log.debug("worker is gone", "pid", worker.pid(), "internal_event_name", "EventWorkerDestruct");
    if (config.debug() && queue.size() > 0) {
      crew.startForOne();
    }
  }

  Relay.Buffers borrowBuffers() {
    Relay.Buffers free = buffers.poll();
    return free == null ? Relay.Buffers.allocate() : free;
  }

  void giveBuffers(Relay.Buffers free) {
    if (buffers.size() < MOST_BUFFERS) {
      buffers.push(free);
    }
  }

  /** The watcher's look at everything. */
  void tick() {
    long now = now();
    List<Worker> all = crew.all();
    for (Worker worker : all) {
      worker.enforce(now);
    }
    if (supervisor != null) {
      supervisor.tick(now, all);
    }
    boolean helpComes = allocator != null && allocator.tick(now, queue);
    if (!helpComes) {
      expire(now);
    }
    if (started && !closing) {
      crew.refill();
    }
  }

  private void expire(long now) {
    List<Task> expired = new ArrayList<>(queue.expired(now));
    if (!expired.isEmpty()) {
      log.error(
          "no free workers in the pool, wait timeout exceed",
          "requests",
          expired.size(),
          "internal_event_name",
          "EventNoFreeWorkers");
      expired.forEach(task -> task.fail(Errors.noFreeWorkers()));
    }
  }

  private static Duration shortest(PoolConfig config) {
    Duration shortest = config.allocateTimeout();
    if (config.supervisor().isPresent()) {
      PoolConfig.Supervisor supervisor = config.supervisor().get();
      shortest = shorter(shortest, supervisor.execTtl());
      shortest = shorter(shortest, supervisor.watchTick());
    }
    shortest = shorter(shortest, config.streamTimeout());
    return shorter(shortest, config.resetTimeout());
  }

  private static Duration shorter(Duration a, Duration b) {
    return b.isZero() || a.compareTo(b) < 0 ? a : b;
  }

  /** A second in the pool's clock. */
  static long second() {
    return SECOND;
  }
}

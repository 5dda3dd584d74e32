package dev.rr.pool;

import dev.rr.api.health.Health;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.api.worker.Reply;
import dev.rr.api.worker.WorkerSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A pool of worker processes: puts the parts together, each of which knows only those before it.
 * Any thread; see the package for the threads it owns.
 */
public final class WorkerPool implements Pool {
  /** Most workers a pool may have configured. */
  public static final int MOST_CONFIGURED = 500;

  private final PoolConfig config;
  private final Log log;
  private final Supplier<Launcher> launchers;
  private final PoolSettings settings;
  private final TaskQueue queue = new TaskQueue();
  private final TaskDispatcher dispatcher;
  private final WorkerSet workers;
  private final Watcher watcher;
  private final @Nullable Supervisor supervisor;
  private final @Nullable Allocator allocator;

  private volatile @Nullable Launcher launcher;
  private volatile boolean started;

  /**
   * A pool; nothing is started yet.
   *
   * @param name names the threads
   * @param launcher asked once, when the pool starts
   * @param log where the pool reports
   * @param stderrLog where the workers' stderr goes
   */
  public WorkerPool(
      String name, PoolConfig config, Supplier<Launcher> launcher, Log log, Log stderrLog) {
    this(name, config, launcher, log, stderrLog, new PoolClock());
  }

  WorkerPool(
      String name,
      PoolConfig config,
      Supplier<Launcher> launcher,
      Log log,
      Log stderrLog,
      PoolClock clock) {
    this.config = config;
    this.log = log;
    this.launchers = launcher;
    this.settings = PoolSettings.of(name, config, this::launcher, log, stderrLog, clock);
    this.dispatcher = new TaskDispatcher(settings, queue);
    this.workers = new WorkerSet(settings, dispatcher, queue);
    this.watcher = new Watcher(name, log, settings.shortestLimit(), this::tick);
    // In debug mode a worker lives for one request; there is nobody to supervise or to add to.
    this.supervisor =
        config.debug() ? null : config.supervisor().map(s -> new Supervisor(log, s)).orElse(null);
    this.allocator =
        config.debug()
            ? null
            : config.dynamicAllocator().map(a -> new Allocator(settings, workers, a)).orElse(null);
  }

  @Override
  public void start() throws InterruptedException {
    if (config.numWorkers() > MOST_CONFIGURED) {
      throw Errors.allocate("number of workers can't be more than 500");
    }
    // On the caller's thread: a command that cannot be is the start's fault and no worker's.
    launcher = launchers.get();
    // Before the workers: it is what ends a start that takes too long.
    watcher.start();
    if (!config.debug()) {
      try {
        workers.start(config.numWorkers());
      } catch (ExecException | InterruptedException e) {
        stop(Deadline.after(Duration.ZERO));
        throw e;
      }
    }
    started = true;
  }

  private Launcher launcher() {
    Launcher known = launcher;
    if (known == null) {
      throw new IllegalStateException("the pool " + settings.name() + " has not started");
    }
    return known;
  }

  @Override
  public Execution exec(Payload payload, Reply reply) {
    Task task = dispatcher.submit(payload, reply);
    workers.startForOne();
    return task;
  }

  @Override
  public List<WorkerSnapshot> workers() {
    return config.debug() || !started
        ? List.of()
        : workers.visible().stream().map(Worker::snapshot).toList();
  }

  // In debug mode each request brings its own worker: there are none to look at.
  @Override
  public Health live() {
    return config.debug() ? Health.of(started) : Pool.super.live();
  }

  @Override
  public Health ready() {
    return config.debug() ? Health.of(started) : Pool.super.ready();
  }

  @Override
  public int queued() {
    return queue.size();
  }

  @Override
  public void addWorker() throws InterruptedException {
    if (mayManage("add worker")) {
      workers.grow();
    }
  }

  @Override
  public void removeWorker() {
    if (mayManage("remove worker") && !workers.shrink()) {
      log.warn("can't remove the last worker");
    }
  }

  private boolean mayManage(String what) {
    if (config.debug()) {
      log.warn(what + " is not allowed in the debug mode");
    }
    return started && !config.debug();
  }

  @Override
  public void reset() throws InterruptedException {
    if (started && !config.debug()) {
      workers.reset();
    }
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    dispatcher.close();
    workers.stop(deadline.within(config.destroyTimeout()));
    // Last: until then it kills the workers that do not stop.
    watcher.stop();
  }

  /** One look at everything, on the watcher's thread. */
  private void tick() {
    long now = settings.now();
    List<Worker> all = workers.all();
    for (Worker worker : all) {
      worker.enforce(now);
    }
    if (supervisor != null) {
      supervisor.tick(now, all);
    }
    // A request must not be refused a moment before the worker comes that is started for it.
    boolean helpComes = allocator != null && allocator.tick(now, queue);
    if (!helpComes) {
      dispatcher.expire(now);
    }
    if (started && !dispatcher.isClosing()) {
      workers.refill();
    }
  }
}

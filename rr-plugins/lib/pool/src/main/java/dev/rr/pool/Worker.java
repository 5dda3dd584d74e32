package dev.rr.pool;

import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.goridge.Handshake;
import dev.rr.goridge.Relay;
import dev.rr.process.ProcessFigures;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One worker from its start to its end, as the thread that owns it runs it: it starts the process,
 * takes tasks while the state is ready, and sees to it that nothing is left. Methods are the
 * owner's unless they say that another thread calls them. Others never touch the relay; they set
 * the state, kill the process, or call the owner away from its wait for a task.
 */
final class Worker implements TaskExecution.Listener {
  private static final Duration STOP_WAIT = Duration.ofSeconds(10);
  private static final int MOST_RETURNS = 16;

  private final PoolSettings settings;
  private final TaskDispatcher dispatcher;
  private final TaskQueue queue;
  private final Listener listener;
  private final long maxJobs;
  private final State.Cell state = new State.Cell();
  private final TaskQueue.Waiter waiter = new TaskQueue.Waiter();
  private final KillTimer timer;
  private final WorkerProcess process;
  private final WorkerEvents events;

  // Written by the owner, read by the watcher and by those who list workers.
  private volatile @Nullable TaskExecution execution;
  private volatile @Nullable Task current;
  private volatile boolean open;
  private volatile long openedAt;
  private volatile long createdNanos;
  private volatile long usedAt;

  /** Who keeps the workers, and is told of the steps of each one's life. Called by the owner. */
  interface Listener {
    /** Waits until it may start; false when it is not wanted any more. */
    boolean awaitTurn(Worker worker) throws InterruptedException;

    /** It is ready. */
    void opened(Worker worker);

    /** It did not become ready; nothing but {@link #gone} follows. */
    void startFailed(Worker worker, String why);

    /** It takes no more tasks: a replacement may start. May be called more than once. */
    void leavesService(Worker worker);

    /** A task that it could not finish, for another worker. */
    void givesBack(Task task);

    /** Its process is gone and its thread ends. */
    void gone(Worker worker);
  }

  Worker(
      PoolSettings settings,
      TaskDispatcher dispatcher,
      TaskQueue queue,
      Listener listener,
      long maxJobs) {
    this.settings = settings;
    this.dispatcher = dispatcher;
    this.queue = queue;
    this.listener = listener;
    this.maxJobs = maxJobs;
    this.timer = new KillTimer(settings.clock(), settings.execTtl());
    this.process = new WorkerProcess(settings);
    this.events = new WorkerEvents(settings.log(), process::pid);
  }

  /** The whole life, on the owner's thread. */
  void run(Relay.Buffers buffers) {
    try {
      if (listener.awaitTurn(this)) {
        live(buffers);
      }
    } catch (InterruptedException | RuntimeException e) {
      events.threadFailed(e);
      state.to(State.ERRORED);
    } finally {
      // Whatever happened: no process without an owner, no member of the set without a thread.
      end();
    }
  }

  private void live(Relay.Buffers buffers) throws InterruptedException {
    Relay relay;
    try {
      relay = start(buffers);
    } catch (IOException e) {
      String why = process.startFailure(e, timer.hasFired());
      state.to(State.ERRORED);
      listener.startFailed(this, why);
      return;
    }
    listener.opened(this);
    events.allocated(maxJobs == Long.MAX_VALUE ? 0 : maxJobs);
    serve();
    listener.leavesService(this);
    // One that was killed or broke off is not asked to leave; end() sees to what is left of it.
    if (!process.hasExited() && state.get() != State.ERRORED && state.get() != State.EXEC_TTL) {
      leave(relay);
    }
  }

  private Relay start(Relay.Buffers buffers) throws IOException, InterruptedException {
    createdNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    timer.arm(settings.config().allocateTimeout(), State.ERRORED);
    Relay relay = process.start(buffers, this::exited);
    TaskExecution.reportSkipped(relay, events);
    execution = new TaskExecution(relay, timer, events, settings, this);
    // Killed for being late at the very moment it became ready: late all the same.
    timer.disarmOrThrow();
    openedAt = settings.now();
    open = true;
    state.to(State.READY);
    return relay;
  }

  // On a thread of the system, the moment the process has ended.
  private void exited() {
    if (state.get() == State.STOPPING) {
      // Nothing is awaited from it; a child of its own may hold its stdout.
      process.closeRelay();
    }
    TaskExecution running = execution;
    if (running != null) {
      running.workerGone();
    }
    queue.call(waiter);
  }

  // ---- service -----------------------------------------------------------------------------

  // Waits in the queue for tasks until the state says that it leaves. An end of the process, a
  // retirement and the closing of the pool each call it away from the queue; the loop looks why.
  private void serve() {
    while (state.get() == State.READY && !process.hasExited()) {
      Task task = queue.take(waiter);
      if (task != null) {
        accept(task);
      } else if (dispatcher.isClosing()) {
        return;
      }
    }
    if (process.hasExited()) {
      diedIdle();
    }
  }

  private void accept(Task task) {
    TaskExecution execution = execution();
    if (process.hasExited() || outOfStep(execution) || !state.to(State.READY, State.WORKING)) {
      // It has waited its time in the queue already, and keeps it.
      queue.giveBack(task);
      return;
    }
    // From here on the watcher sees what it works on.
    current = task;
    try {
      execute(task, execution);
    } finally {
      execution.end();
      current = null;
    }
  }

  // Looked for before each task, not after: what was sent late would not be there yet.
  private boolean outOfStep(TaskExecution execution) {
    try {
      if (!execution.hasSurplus()) {
        return false;
      }
      events.sentSurplus();
    } catch (IOException e) {
      // It has closed its stdout, or prints without end: not to be trusted with a task either.
    }
    state.to(State.INVALID);
    return true;
  }

  // Every way out of here has ended the task, given it back, or left both to the thread's end.
  private void execute(Task task, TaskExecution execution) {
    execution.begin();
    long now = settings.now();
    usedAt = now;
    timer.armExec(now);
    // Contexts are written here, by the owner, so that a request which waits is held but once.
    byte[] context;
    try {
      context = task.payload.context().bytes();
    } catch (RuntimeException e) {
      task.contextFailed(e);
      unsent(task, "the context cannot be written: " + e.getMessage());
      return;
    }
    boolean sent = false;
    try {
      execution.send(task.payload, context);
      // From here on the worker may have begun: nothing is sent twice.
      sent = true;
      if (execution.answer(task) == TaskExecution.Outcome.DECLINED) {
        declined(task);
      }
    } catch (FileSystemException e) {
      // The spooled body could not be opened.
      unsent(task, "cannot read the request's body: " + e.getMessage());
    } catch (TaskExecution.DecodeException e) {
      answeredInvalid(task, e);
    } catch (IOException e) {
      long bytes = context.length + task.payload.body().length();
      broke(task, execution, !sent && TaskExecution.mayRepeat(bytes), e);
    }
  }

  /** The worker was sent nothing, and goes on. */
  private void unsent(Task task, String why) {
    if (timer.disarm()) {
      state.to(State.WORKING, State.READY);
    }
    task.fail(Errors.network(why));
  }

  // Called amid the delivery of the last frame, before the receiver has it: the timer must not
  // count what a slow receiver takes, and the state must be right when the caller asks again.
  @Override
  public void answered() throws IOException {
    timer.disarmOrThrow();
    if (execution().execs() >= maxJobs) {
      state.to(State.MAX_JOBS);
      // The replacement starts while the last answer is still on its way.
      listener.leavesService(this);
    } else {
      state.to(State.WORKING, State.READY);
    }
  }

  @Override
  public void brokeStream() {
    if (timer.disarm()) {
      state.to(State.INVALID);
    }
  }

  private void declined(Task task) throws IOException {
    timer.disarmOrThrow();
    state.to(State.INVALID);
    listener.leavesService(this);
    // Workers that all decline would pass a task round for ever.
    if (++task.returns > MOST_RETURNS) {
      task.fail(Errors.network("every worker asked to be stopped instead of answering"));
    } else {
      listener.givesBack(task);
    }
  }

  // A whole frame that is no answer: the worker is in step and may leave in peace, unlike below.
  private void answeredInvalid(Task task, IOException cause) {
    timer.disarm();
    state.to(State.INVALID);
    listener.leavesService(this);
    task.fail(Errors.decode(WorkerProcess.text(cause)));
  }

  private void broke(Task task, TaskExecution execution, boolean repeat, IOException cause) {
    State reason = timer.reasonOfEnd();
    state.to(reason);
    process.kill();
    // The replacement comes up while the output of the dead one is collected below.
    listener.leavesService(this);
    String printed = execution.takePrinted();
    if (reason == State.EXEC_TTL) {
      task.fail(Errors.execTtl());
    } else if (repeat && ++task.returns <= MOST_RETURNS) {
      listener.givesBack(task);
    } else if (dispatcher.isCutOff()) {
      task.fail(Errors.stopped());
    } else {
      String text = WorkerProcess.text(cause);
      task.fail(printed.isEmpty() ? Errors.network(text) : Errors.junk(printed));
    }
    logCrash(reason, printed);
  }

  // After the task was failed: its caller does not wait for what a dying process still prints.
  private void logCrash(State reason, String printed) {
    if (dispatcher.isCutOff()) {
      return;
    }
    try {
      String ending = process.ending();
      String output = (printed.isEmpty() ? "" : "; it printed: " + printed) + process.stderrTail();
      if (reason == State.EXEC_TTL) {
        events.tookTooLong(output);
      } else {
        events.brokeOff(ending + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the end -----------------------------------------------------------------------------

  // It ended while it had nothing to do, or between take and accept.
  private void diedIdle() {
    if (state.to(State.READY, State.ERRORED) && !dispatcher.isClosing()) {
      listener.leavesService(this);
      try {
        events.endedOnItsOwn(process.ending() + process.stderrTail());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void leave(Relay relay) throws InterruptedException {
    // The state first: an end from now on is the one that is asked for.
    state.to(State.STOPPING);
    timer.arm(STOP_WAIT, State.STOPPING);
    if (process.hasExited()) {
      return;
    }
    try {
      Handshake.stop(relay);
      // Its last output must not block it, nor kill it half-way through its end.
      relay.drain();
    } catch (IOException gone) {
      // It has left already, which is what was asked of it.
    }
    // The watcher kills a worker that does not go.
    process.awaitEnd();
    timer.disarm();
    state.to(State.STOPPED);
  }

  // The last that the owner does. The set hears of it once nothing of the process is left, so that
  // whoever stops the pool finds no process, thread or descriptor when it returns.
  private void end() {
    Task task = current;
    if (task != null) {
      // Only after a fault of ours; every other way has ended its task.
      task.fail(Errors.network("the worker's thread failed"));
    }
    process.end(dispatcher.isClosing());
    listener.gone(this);
    events.gone();
  }

  // ---- any thread --------------------------------------------------------------------------

  /** Kills the worker when one of its limits has passed. The watcher's. */
  void enforce(long now) {
    if (timer.fires(now)) {
      if (timer.reason() == State.STOPPING) {
        events.ignoresStop();
      }
      process.kill();
    }
    Task task = current;
    // A stream whose caller left and that does not end, or a request that holds up a reset.
    if (task != null && task.overdue(now) && isStreaming()
        || task != null && timer.isPastStopDeadline(now)) {
      process.kill();
    }
    process.closeIfGone(now);
  }

  private boolean isStreaming() {
    TaskExecution running = execution;
    return running != null && running.isStreaming();
  }

  /** Kills the process and all it started. */
  void kill() {
    process.kill();
  }

  /** Lets the worker leave once it has nothing to do. */
  void retire(State why) {
    // A busy worker finishes first; the state keeps it from becoming ready again.
    if (!state.to(State.READY, why)) {
      state.to(State.WORKING, why == State.DESTROYED ? State.DESTROYED : State.INVALID);
    }
    queue.call(waiter);
  }

  /** Has a busy worker killed that has not left at {@code moment}; 0 for never. */
  void stopDeadline(long moment) {
    timer.stopDeadline(moment);
  }

  State state() {
    return state.get();
  }

  /** Whether it has become ready; stays so to its end. */
  boolean isOpen() {
    return open;
  }

  /** Nanoseconds since it was ready. */
  long age(long now) {
    return now - openedAt;
  }

  /** The moment of its last request's start, 0 when it had none. */
  long usedAt() {
    return usedAt;
  }

  /** Whether it ended so soon that another start at once would be in vain. */
  boolean endedEarly() {
    return execs() == 0 && settings.now() - openedAt < PoolClock.SECOND;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  WorkerSnapshot snapshot() {
    Process started = process.process();
    State now = state.get();
    Optional<ProcessFigures> figures = ProcessFigures.of(started.pid());
    Instant created = Instant.ofEpochSecond(0, createdNanos);
    return new WorkerSnapshot(
        started.pid(),
        now.number,
        execs(),
        createdNanos,
        figures.map(ProcessFigures::residentBytes).orElse(0L),
        figures.map(f -> f.cpuPercent(created)).orElse(0.0),
        "",
        now.text);
  }

  private long execs() {
    TaskExecution running = execution;
    return running == null ? 0 : running.execs();
  }

  private TaskExecution execution() {
    TaskExecution connected = execution;
    if (connected == null) {
      throw new IllegalStateException("not connected");
    }
    return connected;
  }
}

package dev.rr.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.worker.Payload;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.goridge.Frame;
import dev.rr.goridge.Handshake;
import dev.rr.goridge.Relay;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One worker process and the thread that owns it, from the start of the process to its end. Methods
 * are the owner's unless they say that any thread may call them.
 */
final class Worker implements Runnable {
  private static final Duration STOP_WAIT = Duration.ofSeconds(10);
  private static final int WHOLE = Relay.BUFFER;
  private static final int LONGEST_CONTEXT = 16 << 20;
  private static final int LONGEST_ERROR = 1 << 20;
  private static final int MOST_RETURNS = 16;
  private static final byte[] NOTHING = {};
  private static final long KILLED = -1;

  /** What an answer leaves behind. */
  private enum Outcome {
    DONE,
    AGAIN
  }

  private final WorkerPool pool;
  private final TaskQueue queue;
  private final Plan plan;
  private final State.Cell state = new State.Cell();
  private final TaskQueue.Seat seat = new TaskQueue.Seat();
  private final long maxJobs;

  private volatile @Nullable Process process;
  private volatile @Nullable Relay relay;
  private volatile Stderr.@Nullable Reader stderr;
  private volatile @Nullable Task current;
  private volatile boolean streaming;
  private volatile boolean open;
  private volatile boolean exited;
  private volatile long exitedAt;
  private volatile boolean killed;
  private volatile long killedAt;
  private volatile long openedAt;
  private volatile long createdNanos;
  private volatile long execs;
  private volatile long usedAt;

  // The moment of the pool's clock at which the watcher kills; 0 for none, KILLED once it has.
  private final AtomicLong limit = new AtomicLong();
  private volatile State limitMeans = State.ERRORED;

  // Guarded by the pool.
  private boolean forGood;
  private boolean leaving;
  private volatile long leaveBy;
  private @Nullable Worker replacement;

  /**
   * How a worker comes to be.
   *
   * @param number names its thread
   * @param dynamic whether it is one of the dynamic allocator's
   * @param single whether it serves one request and is not replaced
   * @param generation counts resets
   * @param failures starts in this place that failed without a success in between
   * @param batch who waits for it
   */
  record Plan(
      int number,
      boolean dynamic,
      boolean single,
      int generation,
      int failures,
      @Nullable Batch batch) {}

  Worker(WorkerPool pool, TaskQueue queue, Plan plan, long maxJobs) {
    this.pool = pool;
    this.queue = queue;
    this.plan = plan;
    this.maxJobs = maxJobs;
  }

  /** How many payloads it takes before it is replaced; 0 when there is no limit. */
  long maxExecs() {
    return maxJobs == Long.MAX_VALUE ? 0 : maxJobs;
  }

  @Override
  public void run() {
    Relay.Buffers buffers = pool.borrowBuffers();
    try {
      if (pool.pause(this, plan.failures())) {
        live(buffers);
      }
    } catch (InterruptedException | RuntimeException e) {
      pool.log().log(dev.rr.api.log.Log.Level.ERROR, "worker thread failed", e, "pid", pid());
      state.to(State.ERRORED);
    } finally {
      end();
      pool.giveBuffers(buffers);
    }
  }

  private void live(Relay.Buffers buffers) throws InterruptedException {
    try {
      start(buffers);
    } catch (IOException e) {
      String why = startFailure(e);
      state.to(State.ERRORED);
      pool.startFailed(this, why);
      return;
    }
    pool.opened(this);
    serve();
    pool.leavesService(this);
    if (!exited && state.get() != State.ERRORED && state.get() != State.EXEC_TTL) {
      leave();
    }
  }

  private void start(Relay.Buffers buffers) throws IOException, InterruptedException {
    createdNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    arm(pool.config().allocateTimeout(), State.ERRORED);
    Process started = pool.launcher().start();
    process = started;
    if (killed) {
      ProcessGroup.kill(started);
    }
    stderr = Stderr.read(pool.name(), started, pool.stderrLog());
    var unused = started.onExit().thenRun(this::exited);
    Relay connected = pool.launcher().connect(started, buffers);
    relay = connected;
    reportSkipped(connected);
    if (!disarm()) {
      throw new IOException("killed");
    }
    openedAt = pool.now();
    open = true;
    state.to(State.READY);
  }

  private void exited() {
    exitedAt = pool.now();
    exited = true;
    if (process().exitValue() != 0) {
      // What a crashed worker leaves behind could hold its stdout, and with it the end of the
      // request.
      ProcessGroup.killGroup(process());
    }
    if (state.get() == State.STOPPING) {
      // Nothing is awaited from it; a child of its own may hold its stdout.
      close();
    }
    queue.call(seat);
  }

  private String startFailure(IOException cause) throws InterruptedException {
    boolean late = limit.get() == KILLED;
    Process started = process;
    if (started == null) {
      return text(cause);
    }
    if (!started.waitFor(200, TimeUnit.MILLISECONDS)) {
      ProcessGroup.kill(started);
      started.waitFor(5, TimeUnit.SECONDS);
    }
    String words = lastWords();
    if (late) {
      return Errors.spawnTimeout(pool.config().allocateTimeout()) + words;
    }
    return StartFailure.explain(pool.launcher().command(), started, cause) + words;
  }

  private String lastWords() throws InterruptedException {
    Stderr.Reader reader = stderr;
    if (reader == null) {
      return "";
    }
    reader.settle(500);
    String last = reader.last();
    return last.isEmpty() ? "" : "; its last words on stderr: " + last;
  }

  // ---- service -----------------------------------------------------------------------------

  private void serve() {
    while (state.get() == State.READY && !exited) {
      Task task = queue.take(seat);
      if (task != null) {
        accept(task);
      } else if (pool.closing()) {
        return;
      }
    }
    if (exited) {
      diedIdle();
    }
  }

  private void accept(Task task) {
    Relay relay = relay();
    if (exited || outOfStep(relay) || !state.to(State.READY, State.WORKING)) {
      queue.giveBack(task);
      return;
    }
    current = task;
    try {
      execute(task, relay);
    } finally {
      streaming = false;
      current = null;
    }
  }

  // What a worker sent unasked would be taken for the answer to the next request, perhaps of
  // somebody else.
  private boolean outOfStep(Relay relay) {
    boolean surplus;
    try {
      surplus = relay.hasFrame();
    } catch (IOException e) {
      // It has closed its stdout, or prints without end.
      state.to(State.INVALID);
      return true;
    }
    reportSkipped(relay);
    if (surplus) {
      pool.log()
          .warn("worker sent more than one answer to a request, it is replaced", "pid", pid());
      state.to(State.INVALID);
    }
    return surplus;
  }

  private void execute(Task task, Relay relay) {
    execs++;
    usedAt = pool.now();
    armExec();
    byte[] context;
    try {
      context = task.payload.context().bytes();
    } catch (RuntimeException e) {
      pool.replyFailed(e);
      unsent(task, "the context cannot be written: " + e.getMessage());
      return;
    }
    boolean sent = false;
    try {
      send(task.payload, context, relay);
      sent = true;
      if (answer(task, relay) == Outcome.AGAIN) {
        again(task);
      }
    } catch (FileSystemException e) {
      // The spooled body could not be opened.
      unsent(task, "cannot read the request's body: " + e.getMessage());
    } catch (IOException e) {
      boolean repeat = !sent && mayRepeat(context.length + task.payload.body().length());
      broke(task, relay, repeat, e);
    }
  }

  /** The worker was sent nothing, and goes on. */
  private void unsent(Task task, String why) {
    if (disarm()) {
      state.to(State.WORKING, State.READY);
    }
    task.fail(Errors.network(why));
  }

  private static void send(Payload payload, byte[] context, Relay relay) throws IOException {
    switch (payload.body()) {
      case Payload.Bytes body -> relay.send(payload.codec(), context, body.bytes());
      case Payload.Spooled body -> {
        try (FileChannel file = FileChannel.open(body.path())) {
          relay.send(payload.codec(), context, file, body.length());
        }
      }
    }
  }

  private Outcome answer(Task task, Relay relay) throws IOException {
    boolean wanted = true;
    boolean stopped = false;
    for (boolean first = true; ; first = false) {
      relay.receive();
      reportSkipped(relay);
      boolean last = (relay.stream() & Frame.STREAM) == 0;
      if ((relay.flags() & Frame.ERROR) != 0) {
        error(task, relay, first && last);
        return Outcome.DONE;
      }
      check(relay);
      if (!last) {
        streaming = true;
        rearmExec();
      }
      if (first && last && asksToStop(relay)) {
        return Outcome.AGAIN;
      }
      wanted = wanted && !task.cancelled();
      wanted = wanted ? deliver(task, relay, last) : drop(task, relay, last);
      if (last) {
        return Outcome.DONE;
      }
      stopped = steer(relay, wanted && !task.cancelled(), stopped);
    }
  }

  private static void check(Relay relay) throws IOException {
    if (relay.options() != 1) {
      throw new DecodeException("options length should be equal 1 (body offset)");
    }
    if (relay.option() > relay.left()) {
      String payload = new String(relay.read((int) Math.min(relay.left(), 1024)), UTF_8);
      throw new IOException("bad payload " + payload);
    }
    if (relay.option() > LONGEST_CONTEXT) {
      throw new DecodeException("a context of " + relay.option() + " bytes");
    }
  }

  private boolean asksToStop(Relay relay) throws IOException {
    if (relay.option() != 13 || relay.left() != 13) {
      return false;
    }
    byte[] context = relay.peek(13);
    return Handshake.isStop(context);
  }

  // Sends PONG and STOP between two frames of a stream.
  private boolean steer(Relay relay, boolean wanted, boolean stopped) throws IOException {
    if (!wanted && !stopped) {
      relay.send(0, Frame.STOP, NOTHING);
      execs++;
      arm(pool.config().streamTimeout(), State.EXEC_TTL);
      return true;
    }
    if (!stopped && (relay.stream() & Frame.PING) != 0) {
      relay.send(0, Frame.PONG, NOTHING);
      execs++;
    }
    return stopped;
  }

  private boolean deliver(Task task, Relay relay, boolean last) throws IOException {
    int codec = relay.flags();
    int contextLength = (int) relay.option();
    ByteBuffer context;
    ByteBuffer body;
    if (relay.left() <= WHOLE) {
      byte[] payload = relay.read((int) relay.left());
      context = ByteBuffer.wrap(payload, 0, contextLength).slice();
      body = ByteBuffer.wrap(payload, contextLength, payload.length - contextLength).slice();
    } else {
      context = ByteBuffer.wrap(relay.read(contextLength));
      body = relay.left() == 0 ? ByteBuffer.allocate(0) : relay.chunk();
    }
    long remaining = relay.left();
    if (last && remaining == 0) {
      finish(task);
    }
    boolean wanted = frame(task, codec, context, body, remaining, last);
    return wanted
        ? deliverRest(task, relay, last)
        : remaining == 0 ? false : drop(task, relay, last);
  }

  private boolean deliverRest(Task task, Relay relay, boolean last) throws IOException {
    while (relay.left() > 0) {
      ByteBuffer chunk = relay.chunk();
      long remaining = relay.left();
      rearmExec();
      if (last && remaining == 0) {
        finish(task);
      }
      if (task.cancelled() && remaining > 0 || !body(task, chunk, remaining)) {
        return remaining == 0 ? false : drop(task, relay, last);
      }
    }
    return true;
  }

  private boolean frame(
      Task task, int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
    try {
      return task.reply.frame(codec, context, body, remaining, last);
    } catch (RuntimeException | StackOverflowError e) {
      pool.replyFailed(e);
      return false;
    }
  }

  private boolean body(Task task, ByteBuffer chunk, long remaining) {
    try {
      return task.reply.body(chunk, remaining);
    } catch (RuntimeException | StackOverflowError e) {
      pool.replyFailed(e);
      return false;
    }
  }

  // Reads what nobody wants any more.
  private boolean drop(Task task, Relay relay, boolean last) throws IOException {
    relay.skip();
    if (last) {
      becomeReady();
      task.fail(Errors.cancelled());
    }
    return false;
  }

  private void error(Task task, Relay relay, boolean single) throws IOException {
    String text = new String(relay.read((int) Math.min(relay.left(), LONGEST_ERROR)), UTF_8);
    relay.skip();
    if (single) {
      becomeReady();
    } else if (disarm()) {
      state.to(State.INVALID);
    }
    pool.log()
        .warn(
            "worker error",
            "pid",
            pid(),
            "reason",
            text,
            "internal_event_name",
            "EventWorkerSoftError");
    task.fail(Errors.soft(text));
  }

  // The worker is free before the receiver is told: what the receiver does next finds a ready
  // worker.
  private void finish(Task task) throws IOException {
    becomeReady();
    task.end();
  }

  private void becomeReady() throws IOException {
    if (!disarm()) {
      throw new IOException("killed");
    }
    if (execs >= maxJobs) {
      state.to(State.MAX_JOBS);
      pool.leavesService(this);
    } else {
      state.to(State.WORKING, State.READY);
    }
  }

  private void again(Task task) throws IOException {
    if (!disarm()) {
      throw new IOException("killed");
    }
    state.to(State.INVALID);
    pool.leavesService(this);
    if (++task.returns > MOST_RETURNS) {
      task.fail(Errors.network("every worker asked to be stopped instead of answering"));
    } else {
      pool.giveBack(task);
    }
  }

  // ---- the end -----------------------------------------------------------------------------

  private void broke(Task task, Relay relay, boolean repeat, IOException cause) {
    if (cause instanceof DecodeException) {
      disarm();
      state.to(State.INVALID);
      pool.leavesService(this);
      task.fail(Errors.decode(text(cause)));
      return;
    }
    State reason = limit.get() == KILLED ? limitMeans : State.ERRORED;
    state.to(reason);
    kill();
    pool.leavesService(this);
    String printed = relay.skipped() == 0 ? "" : relay.takeSkipped();
    if (reason == State.EXEC_TTL) {
      task.fail(Errors.execTtl());
    } else if (repeat && ++task.returns <= MOST_RETURNS) {
      pool.giveBack(task);
    } else if (pool.cutOff()) {
      task.fail(Errors.stopped());
    } else {
      task.fail(printed.isEmpty() ? Errors.network(text(cause)) : Errors.junk(printed));
    }
    logCrash(reason, printed);
  }

  // A short request whose write failed reached nobody. A long one may be what the worker died of.
  private static boolean mayRepeat(long bytes) {
    return bytes < WHOLE / 2;
  }

  private static String text(IOException cause) {
    return cause instanceof EOFException ? "EOF" : String.valueOf(cause.getMessage());
  }

  private void logCrash(State reason, String printed) {
    if (pool.cutOff()) {
      return;
    }
    try {
      Process dead = process();
      boolean over = dead.waitFor(1, TimeUnit.SECONDS);
      String words = (printed.isEmpty() ? "" : "; it printed: " + printed) + lastWords();
      if (reason == State.EXEC_TTL) {
        pool.log()
            .warn(
                "worker took longer than allowed and was killed" + words,
                "pid",
                pid(),
                "internal_event_name",
                "EventExecTTL");
      } else {
        pool.log()
            .warn(
                "worker broke off during a request, " + StartFailure.exit(dead, over) + words,
                "pid",
                pid(),
                "internal_event_name",
                "EventWorkerError");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void diedIdle() {
    if (state.to(State.READY, State.ERRORED) && !pool.closing()) {
      pool.leavesService(this);
      try {
        pool.log()
            .warn(
                "worker ended on its own, " + StartFailure.exit(process(), true) + lastWords(),
                "pid",
                pid(),
                "internal_event_name",
                "EventWorkerWaitExit");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void leave() throws InterruptedException {
    state.to(State.STOPPING);
    arm(STOP_WAIT, State.STOPPING);
    Relay relay = relay();
    if (exited) {
      return;
    }
    try {
      Handshake.stop(relay);
      // Its last output must not block it, nor kill it half-way through its end.
      relay.drain();
    } catch (IOException gone) {
      // All the better.
    }
    // The watcher kills a worker that does not go.
    process().waitFor();
    disarm();
    state.to(State.STOPPED);
  }

  private void end() {
    Task task = current;
    if (task != null) {
      task.fail(Errors.network("the worker's thread failed"));
    }
    Process started = process;
    if (started != null) {
      if (started.isAlive()) {
        ProcessGroup.kill(started);
      } else if (killed || pool.closing() || started.exitValue() != 0) {
        ProcessGroup.killGroup(started);
      }
    }
    close();
    pool.gone(this);
  }

  private void close() {
    try {
      Relay open = relay;
      if (open != null) {
        open.close();
      }
    } catch (IOException gone) {
      // The other side closed first.
    }
  }

  private void reportSkipped(Relay relay) {
    if (relay.skipped() > 0) {
      long bytes = relay.skipped();
      pool.log()
          .warn(
              "worker printed on stdout, which belongs to its answers; the text was skipped. Print"
                  + " to stderr (error_log, php://stderr), or set display_errors=stderr",
              "pid",
              pid(),
              "bytes",
              bytes,
              "text",
              relay.takeSkipped());
    }
  }

  // ---- limits ------------------------------------------------------------------------------

  private void armExec() {
    long ttl = pool.execTtlNanos();
    if (ttl > 0) {
      limitMeans = State.EXEC_TTL;
      limit.set(pool.now() + ttl);
    }
  }

  // Every frame of a stream gets the time of a request.
  private void rearmExec() throws IOException {
    long ttl = pool.execTtlNanos();
    if (ttl > 0 && limitMeans == State.EXEC_TTL) {
      long before = limit.get();
      if (before == KILLED || !limit.compareAndSet(before, pool.now() + ttl)) {
        throw new IOException("killed");
      }
    }
  }

  private void arm(Duration wait, State means) {
    limitMeans = means;
    limit.set(pool.now() + Math.max(1, wait.toNanos()));
  }

  private boolean disarm() {
    long before = limit.get();
    return before == 0 || before != KILLED && limit.compareAndSet(before, 0);
  }

  /** Kills the worker when one of its limits has passed. The watcher's. */
  void enforce(long now) {
    long at = limit.get();
    if (at > 0 && now >= at && limit.compareAndSet(at, KILLED)) {
      if (limitMeans == State.STOPPING) {
        pool.log().warn("worker doesn't respond on stop command, killing process", "pid", pid());
      }
      kill();
    }
    Task task = current;
    if (task != null && task.cancelled() && streaming && task.overdue(now)) {
      kill();
    }
    if (leaveBy > 0 && now >= leaveBy && current != null) {
      kill();
    }
    // Something that outlived the process' group may hold its stdout; the owner must not wait for
    // that.
    long second = WorkerPool.second();
    if (killed && now - killedAt > second || exited && now - exitedAt > second) {
      close();
    }
  }

  /** Kills the process and all it started. Any thread. */
  void kill() {
    if (!killed) {
      killedAt = pool.now();
      killed = true;
      Process started = process;
      // One that is being started is killed by its owner.
      if (started != null) {
        ProcessGroup.kill(started);
      }
    }
  }

  /** Lets the worker leave once it has nothing to do. Any thread. */
  void retire(State why) {
    // A busy worker finishes first; the state keeps it from becoming ready again.
    if (!state.to(State.READY, why)) {
      state.to(State.WORKING, why == State.DESTROYED ? State.DESTROYED : State.INVALID);
    }
    queue.call(seat);
  }

  // ---- what others see; any thread -----------------------------------------------------------

  Plan plan() {
    return plan;
  }

  State state() {
    return state.get();
  }

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
  boolean diedYoung() {
    return execs == 0 && pool.now() - openedAt < TimeUnit.SECONDS.toNanos(1);
  }

  long pid() {
    Process started = process;
    return started == null ? 0 : started.pid();
  }

  boolean isAlive() {
    Process started = process;
    return started != null && !exited;
  }

  WorkerSnapshot snapshot() {
    Process started = process();
    State now = state.get();
    return new WorkerSnapshot(
        started.pid(),
        now.number,
        execs,
        createdNanos,
        ProcStat.residentBytes(started.pid()).orElse(0L),
        ProcStat.cpuPercent(started),
        "",
        now.text);
  }

  // ---- guarded by the pool -------------------------------------------------------------------

  boolean forGood() {
    return forGood;
  }

  void setForGood(long leaveBy) {
    this.forGood = true;
    this.leaveBy = leaveBy;
  }

  boolean leaving() {
    return leaving;
  }

  void setLeaving(@Nullable Worker replacement) {
    this.leaving = true;
    this.replacement = replacement;
  }

  @Nullable Worker replacement() {
    return replacement;
  }

  private Process process() {
    Process started = process;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started;
  }

  private Relay relay() {
    Relay connected = relay;
    if (connected == null) {
      throw new IllegalStateException("not connected");
    }
    return connected;
  }

  /** The frame was whole but is not an answer. */
  private static final class DecodeException extends IOException {
    private static final long serialVersionUID = 1L;

    DecodeException(String message) {
      super(message);
    }
  }
}

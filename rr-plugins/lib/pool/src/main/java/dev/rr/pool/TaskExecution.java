package dev.rr.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.worker.Payload;
import dev.rr.goridge.Frame;
import dev.rr.goridge.Handshake;
import dev.rr.goridge.Relay;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The conversation with one worker about its tasks: a payload out, an answer of one or many frames
 * back to the receiver. There is one for the life of the worker. The owner's, except where a method
 * says otherwise; the receiver is called on the owner's thread, so a slow one holds up this worker
 * only.
 */
final class TaskExecution {
  // What is longer is handed on piece by piece, so that a client gets its beginning sooner.
  private static final int WHOLE = 2 * Relay.BUFFER;
  // A payload of the pipe's size has been read in part when its writing fails.
  private static final int REPEATED = Relay.BUFFER / 2;
  private static final int LONGEST_CONTEXT = 16 << 20;
  private static final int LONGEST_ERROR = 1 << 20;
  private static final byte[] NOTHING = {};

  private final Relay relay;
  private final KillTimer timer;
  private final WorkerEvents events;
  private final PoolSettings settings;
  private final Listener listener;

  // Written by the owner alone, read by anybody who lists workers.
  private volatile long execs;
  // Read by the watcher: only a stream may be broken off after its caller has left.
  private volatile boolean streaming;
  // What the worker asked for and waits for; whoever sees the process end cancels it.
  private volatile @Nullable CompletableFuture<Payload> awaited;
  private volatile boolean gone;

  /** What an answer leaves behind. */
  enum Outcome {
    /** The task is over. */
    DONE,
    /** The worker asks to be stopped instead of answering: another one has to take the task. */
    DECLINED
  }

  /** Who is told when the worker has said its last of a task, before the receiver hears of it. */
  interface Listener {
    /**
     * The worker is free again.
     *
     * @throws IOException when it was killed at the last moment, and the answer is none
     */
    void answered() throws IOException;

    /** The worker broke a stream off with an error and cannot be trusted with another task. */
    void brokeStream();
  }

  TaskExecution(
      Relay relay, KillTimer timer, WorkerEvents events, PoolSettings settings, Listener listener) {
    this.relay = relay;
    this.timer = timer;
    this.events = events;
    this.settings = settings;
    this.listener = listener;
  }

  // ---- before ------------------------------------------------------------------------------

  /**
   * Whether there is something to read before anything was sent. What a worker sent unasked would
   * be taken for the answer to the next request, perhaps of somebody else.
   *
   * @throws IOException when it has closed its stdout, or prints without end
   */
  boolean hasSurplus() throws IOException {
    boolean surplus = relay.hasFrame();
    reportSkipped();
    return surplus;
  }

  /** Counts a task as sent; a try counts too. */
  void begin() {
    // One writer, so an increment that is not atomic loses nothing.
    execs++;
  }

  void end() {
    streaming = false;
  }

  // ---- out ---------------------------------------------------------------------------------

  void send(Payload payload, byte[] context) throws IOException {
    switch (payload.body()) {
      case Payload.Bytes body -> relay.send(payload.codec(), context, body.bytes());
      case Payload.Spooled body -> {
        try (FileChannel file = FileChannel.open(body.path())) {
          relay.send(payload.codec(), context, file, body.length());
        }
      }
    }
  }

  /** Whether a payload of so many bytes whose sending failed may be sent to another worker. */
  static boolean mayRepeat(long bytes) {
    // A short one whose write failed reached nobody. A long one may be what the worker died of.
    return bytes < REPEATED;
  }

  // ---- back --------------------------------------------------------------------------------

  /**
   * Reads the answer to its last frame and hands it on. The whole of it is read in any case: what
   * nobody wants is skipped, for the worker's next answer comes behind it.
   */
  Outcome answer(Task task) throws IOException {
    boolean wanted = true;
    boolean stopped = false;
    for (boolean first = true; ; first = false) {
      relay.receive();
      reportSkipped();
      boolean last = (relay.stream() & Frame.STREAM) == 0;
      if ((relay.flags() & Frame.ERROR) != 0) {
        error(task, first && last);
        return Outcome.DONE;
      }
      check();
      streaming |= !last;
      if (first && last && asksToStop()) {
        return Outcome.DECLINED;
      }
      wanted = wanted && !task.cancelled();
      wanted = wanted || task.isConversation() ? deliver(task, last) : drop(task, last);
      if (last) {
        return Outcome.DONE;
      }
      if (!stopped) {
        timer.rearmExec();
      }
      CompletableFuture<Payload> asked = task.asked();
      if (asked == null) {
        stopped = steer(wanted && !task.cancelled(), stopped);
      } else {
        if (!wanted) {
          // It is told so, and may ask again all the same.
          task.abandon();
        }
        answerQuestion(asked, stopped);
      }
    }
  }

  private void check() throws IOException {
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

  private boolean asksToStop() throws IOException {
    if (relay.option() != 13 || relay.left() != 13) {
      return false;
    }
    byte[] context = relay.peek(13);
    return Handshake.isStop(context);
  }

  // Sends PONG and STOP between two frames of a stream; whether STOP was sent by now.
  private boolean steer(boolean wanted, boolean stopped) throws IOException {
    if (!wanted && !stopped) {
      relay.send(0, Frame.STOP, NOTHING);
      execs++;
      timer.arm(settings.config().streamTimeout(), State.EXEC_TTL);
      return true;
    }
    if (!stopped && (relay.stream() & Frame.PING) != 0) {
      relay.send(0, Frame.PONG, NOTHING);
      execs++;
    }
    return stopped;
  }

  // A worker that asked waits for a payload, also when there is nothing to say but that it is over.
  private void answerQuestion(CompletableFuture<Payload> asked, boolean stopped)
      throws IOException {
    if ((relay.stream() & Frame.PING) != 0) {
      relay.send(0, Frame.PONG, NOTHING);
    }
    if (stopped) {
      // What time it has left to end its answer runs on.
      send(await(asked));
      return;
    }
    timer.disarmOrThrow();
    Payload payload = await(asked);
    timer.armExec(settings.now());
    send(payload);
  }

  private void send(Payload payload) throws IOException {
    send(payload, payload.context().bytes());
  }

  private Payload await(CompletableFuture<Payload> asked) throws IOException {
    awaited = asked;
    if (gone) {
      asked.cancel(false);
    }
    try {
      return asked.get();
    } catch (CancellationException e) {
      throw new EOFException("EOF");
    } catch (ExecutionException e) {
      throw new IOException("what it asked for failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      awaited = null;
    }
  }

  private boolean deliver(Task task, boolean last) throws IOException {
    int codec = relay.flags();
    int contextLength = (int) relay.option();
    ByteBuffer context = ByteBuffer.wrap(relay.read(contextLength));
    // An array of its own, which the receiver may keep as it is.
    ByteBuffer body =
        relay.left() <= WHOLE ? ByteBuffer.wrap(relay.read((int) relay.left())) : relay.chunk();
    long remaining = relay.left();
    long time = handsOver(task, last && remaining == 0);
    boolean wanted = task.frame(codec, context, body, remaining, last);
    timer.resume(time);
    return wanted ? deliverRest(task, last) : remaining != 0 && drop(task, last);
  }

  private boolean deliverRest(Task task, boolean last) throws IOException {
    while (relay.left() > 0) {
      ByteBuffer chunk = relay.chunk();
      long remaining = relay.left();
      long time = handsOver(task, last && remaining == 0);
      boolean wanted = !(task.cancelled() && remaining > 0) && task.body(chunk, remaining);
      timer.resume(time);
      if (!wanted) {
        return remaining != 0 && drop(task, last);
      }
    }
    return true;
  }

  // What the receiver takes, which may wait for a client, is not the worker's time; returns what is
  // left of that.
  private long handsOver(Task task, boolean whole) throws IOException {
    if (!whole) {
      return timer.pause();
    }
    finish(task);
    return 0;
  }

  // Reads what nobody wants any more; always false, for nothing is wanted after it either.
  private boolean drop(Task task, boolean last) throws IOException {
    relay.skip();
    if (last) {
      listener.answered();
      task.fail(Errors.cancelled());
    }
    return false;
  }

  private void error(Task task, boolean single) throws IOException {
    byte[] said = relay.read((int) Math.min(relay.left(), LONGEST_ERROR));
    relay.skip();
    if (single) {
      listener.answered();
    } else {
      listener.brokeStream();
    }
    events.softError(new String(said, UTF_8));
    task.fail(Errors.soft(said));
  }

  // The worker is free before the receiver is told: what the receiver does next finds a ready
  // worker.
  private void finish(Task task) throws IOException {
    listener.answered();
    task.end();
  }

  /** Logs what the worker printed between frames. */
  private void reportSkipped() {
    reportSkipped(relay, events);
  }

  /** Logs what a worker printed between frames. */
  static void reportSkipped(Relay relay, WorkerEvents events) {
    if (relay.skipped() > 0) {
      long bytes = relay.skipped();
      events.printed(bytes, relay.takeSkipped());
    }
  }

  /** What the worker printed where a frame was due, and empties it; or an empty text. */
  String takePrinted() {
    return relay.skipped() == 0 ? "" : relay.takeSkipped();
  }

  // ---- any thread --------------------------------------------------------------------------

  /** Payloads that were sent, and answers to frames of streams. */
  long execs() {
    return execs;
  }

  /** The process has ended: nobody waits for what it asked for. */
  void workerGone() {
    gone = true;
    CompletableFuture<Payload> asked = awaited;
    if (asked != null) {
      asked.cancel(false);
    }
  }

  /** Whether a stream's first frame has come and its last has not. */
  boolean isStreaming() {
    return streaming;
  }

  /** The frame was whole but is not an answer: the worker still is in step with us. */
  static final class DecodeException extends IOException {
    private static final long serialVersionUID = 1L;

    DecodeException(String message) {
      super(message);
    }
  }
}

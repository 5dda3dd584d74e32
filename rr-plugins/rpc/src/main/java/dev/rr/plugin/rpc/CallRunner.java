package dev.rr.plugin.rpc;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes calls from one event loop to virtual threads, and their answers back. What arrives in one
 * turn of the loop crosses over together, which costs a third of the CPU time of waking a thread
 * for each. Every call has a virtual thread of its own.
 */
final class CallRunner {
  private final EventLoop loop;
  private final Queue<Finished> outbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean delivering = new AtomicBoolean();

  /** The loop's thread only. */
  private List<Runnable> turn = new ArrayList<>();

  CallRunner(EventLoop loop) {
    this.loop = loop;
  }

  /** A call to be made. */
  interface Work {
    /**
     * Makes the call, on a virtual thread. Does not throw.
     *
     * @return null when the call {@linkplain CallRunner#finished is finished} later
     */
    @Nullable RpcReply answer();

    /** Takes the answer, on the event loop. */
    void deliver(RpcReply answer);

    /** Sends what was delivered, on the event loop. */
    void flush();

    /** The loop has ended before there was an answer. */
    void dropped();
  }

  private record Finished(Work work, RpcReply answer) {}

  /** Makes a call. On the event loop. */
  void submit(Work work) {
    execute(() -> run(work));
  }

  /** Runs something on a virtual thread. On the event loop. */
  void execute(Runnable task) {
    turn.add(task);
    if (turn.size() == 1) {
      loop.execute(this::start);
    }
  }

  private void start() {
    List<Runnable> tasks = turn;
    turn = new ArrayList<>();
    Thread.ofVirtual().name("rpc-call").start(() -> run(tasks));
  }

  private static void run(List<Runnable> tasks) {
    for (Runnable task : tasks.subList(1, tasks.size())) {
      Thread.ofVirtual().name("rpc-call").start(task);
    }
    tasks.getFirst().run();
  }

  private void run(Work work) {
    RpcReply answer = work.answer();
    if (answer != null) {
      finished(work, answer);
    }
  }

  /** Takes an answer back to the event loop. On any thread. */
  void finished(Work work, RpcReply answer) {
    outbox.add(new Finished(work, answer));
    if (delivering.compareAndSet(false, true)) {
      try {
        loop.execute(this::deliver);
      } catch (RejectedExecutionException stopped) {
        drop();
      }
    }
  }

  private void deliver() {
    // Reset first: what is added from now on is seen below or has a delivery of its own.
    delivering.set(false);
    List<Work> delivered = new ArrayList<>();
    for (Finished next = outbox.poll(); next != null; next = outbox.poll()) {
      next.work().deliver(next.answer());
      delivered.add(next.work());
    }
    delivered.forEach(Work::flush);
  }

  private void drop() {
    delivering.set(false);
    for (Finished next = outbox.poll(); next != null; next = outbox.poll()) {
      next.work().dropped();
    }
  }
}

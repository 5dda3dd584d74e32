package dev.rr.plugin.googlepubsub;

import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells one kind of outcome: what is told while a request is under way goes out with the next. Any
 * thread.
 */
final class GatheredOutcomes {
  /** In one request, which may have 512 KiB; an id has about 200 bytes. */
  static final int MOST = 1000;

  private final Request request;
  private final ReentrantLock sending = new ReentrantLock();
  private final Queue<Outcome> waiting = new ConcurrentLinkedQueue<>();

  /** Tells the server of some at once. */
  @FunctionalInterface
  interface Request {
    void send(List<String> ids, Deadline deadline) throws IOException, InterruptedException;
  }

  /** One of them; its fields belong to whoever sends. */
  private static final class Outcome {
    private final String id;
    private boolean sent;
    private @Nullable IOException failure;

    Outcome(String id) {
      this.id = id;
    }
  }

  GatheredOutcomes(Request request) {
    this.request = request;
  }

  /**
   * Tells one; returns when the server has it.
   *
   * @throws IOException when it did not take it by then
   */
  void tell(String id, Deadline deadline) throws IOException, InterruptedException {
    Outcome own = new Outcome(id);
    waiting.add(own);
    if (!sending.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      waiting.remove(own);
      throw new IOException("Pub/Sub does not take outcomes in time");
    }
    try {
      while (!own.sent) {
        sendSome(deadline);
      }
      if (own.failure != null) {
        // One exception may be for many: each gets its own stack.
        throw new IOException(own.failure.getMessage(), own.failure);
      }
    } finally {
      sending.unlock();
    }
  }

  private void sendSome(Deadline deadline) throws InterruptedException {
    List<Outcome> some = new ArrayList<>();
    for (Outcome next = waiting.poll();
        next != null;
        next = some.size() < MOST ? waiting.poll() : null) {
      some.add(next);
    }
    IOException failure = null;
    try {
      request.send(some.stream().map(outcome -> outcome.id).toList(), deadline);
    } catch (IOException e) {
      failure = e;
    } catch (InterruptedException e) {
      failure = new IOException("whoever told it was interrupted", e);
      throw e;
    } finally {
      for (Outcome outcome : some) {
        outcome.sent = true;
        outcome.failure = failure;
      }
    }
  }
}

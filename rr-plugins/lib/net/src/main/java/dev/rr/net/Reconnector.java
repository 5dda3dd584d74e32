package dev.rr.net;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to a peer that may be away: dials again when it is lost, at growing
 * intervals while nobody asks, and at once when somebody does. All who ask while one dials wait for
 * the same attempt. Owns one virtual thread, as long as there is no connection. Any thread.
 *
 * @param <C> a connection
 */
public final class Reconnector<C> {
  private final String name;
  private final String thread;
  private final Pauses pauses;
  private final Peer<C> peer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();

  private volatile @Nullable C current;
  private @Nullable CompletableFuture<C> attempt;
  private @Nullable IOException failure;
  private long failedAt;
  private int failures;
  private @Nullable Thread dialer;
  private boolean closed;

  /**
   * How a peer is reached. Called on the thread that dials, one at a time.
   *
   * @param <C> a connection
   */
  public interface Peer<C> {
    /**
     * Makes a connection; gives up after a time of its own.
     *
     * @throws IOException says in one sentence for the user why there is none
     */
    C dial() throws IOException, InterruptedException;

    /** This is the connection now: {@link #lost} is to be told when it ends, or has ended. */
    void connected(C connection);

    /** Closes a connection that nobody got; does not wait. */
    void discard(C connection);

    /** The first attempt of several has failed. */
    void down(IOException cause);

    /** There is a connection, after {@link #down} was told. */
    void up();
  }

  /**
   * How long it is waited between attempts.
   *
   * @param first after the first one that failed; doubled with each; who asks earlier than this
   *     after an attempt gets its failure
   * @param longest the most
   */
  public record Pauses(Duration first, Duration longest) {
    /** The pause after so many that have failed, one behind the other; at least one. */
    public Duration after(int failures) {
      Duration pause = first.multipliedBy(1L << Math.min(failures - 1, 20));
      return pause.compareTo(longest) < 0 ? pause : longest;
    }
  }

  /**
   * One that has not dialed yet.
   *
   * @param name what the peer is called in messages
   * @param thread the name of its thread
   */
  public Reconnector(String name, String thread, Pauses pauses, Peer<C> peer) {
    this.name = name;
    this.thread = thread;
    this.pauses = pauses;
    this.peer = peer;
  }

  /** The connection; null while there is none. */
  public @Nullable C current() {
    return current;
  }

  /** Begins to dial, and waits for nothing. */
  public void start() {
    var _ = attempt();
  }

  /**
   * The connection, or the next attempt's.
   *
   * @param longest how long this waits
   * @throws IOException why there is none
   */
  public C get(Duration longest) throws IOException, InterruptedException {
    C now = current;
    if (now != null) {
      return now;
    }
    try {
      return attempt().get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      // One exception may be for many: each gets its own stack.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(cause.getMessage(), cause);
    } catch (TimeoutException e) {
      throw new IOException(name + ": no connection within " + longest.toMillis() + " ms", e);
    }
  }

  /** Tells that a connection has ended. Another is dialed at once, if it was the current one. */
  public void lost(C connection) {
    lock.lock();
    try {
      if (current == connection) {
        current = null;
        if (!closed) {
          begin();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends dialing. A second call does nothing.
   *
   * @param longest how long this waits for an attempt under way
   * @return the connection, which is the caller's to close; null when there is none
   */
  public @Nullable C close(Duration longest) throws InterruptedException {
    Thread dialing;
    C last;
    lock.lock();
    try {
      closed = true;
      last = current;
      current = null;
      dialing = dialer;
      if (attempt != null) {
        attempt.completeExceptionally(closed());
      }
    } finally {
      lock.unlock();
    }
    if (dialing != null) {
      dialing.interrupt();
      boolean _ = dialing.join(longest);
    }
    return last;
  }

  private CompletableFuture<C> attempt() {
    lock.lock();
    try {
      C now = current;
      if (now != null) {
        return CompletableFuture.completedFuture(now);
      }
      if (closed) {
        return CompletableFuture.failedFuture(closed());
      }
      if (attempt != null) {
        return attempt;
      }
      boolean tooEarly = System.nanoTime() - failedAt < pauses.first().toNanos();
      return failure != null && tooEarly ? CompletableFuture.failedFuture(failure) : begin();
    } finally {
      lock.unlock();
    }
  }

  private IOException closed() {
    return new IOException(name + ": it was closed");
  }

  /** With the lock. */
  private CompletableFuture<C> begin() {
    CompletableFuture<C> next = new CompletableFuture<>();
    attempt = next;
    if (dialer == null) {
      dialer = Thread.ofVirtual().name(thread).start(this::dialUntilConnected);
    } else {
      wanted.signal();
    }
    return next;
  }

  private void dialUntilConnected() {
    try {
      while (!dialed()) {
        pause();
      }
    } catch (InterruptedException e) {
      // It was closed.
    }
  }

  /** Dials once. Answers whether that was the last time. */
  private boolean dialed() throws InterruptedException {
    C made;
    try {
      made = peer.dial();
    } catch (IOException e) {
      return failed(e);
    } catch (RuntimeException e) {
      return failed(new IOException(e.toString(), e));
    }
    return connected(made);
  }

  private boolean connected(C made) {
    CompletableFuture<C> waiting = null;
    boolean wasDown;
    lock.lock();
    try {
      wasDown = failures > 0;
      if (!closed) {
        current = made;
        waiting = attempt;
        attempt = null;
        dialer = null;
        failure = null;
        failures = 0;
      }
    } finally {
      lock.unlock();
    }
    if (waiting == null) {
      peer.discard(made);
      return true;
    }
    peer.connected(made);
    if (wasDown) {
      peer.up();
    }
    waiting.complete(made);
    return true;
  }

  private boolean failed(IOException cause) {
    CompletableFuture<C> waiting;
    boolean first;
    lock.lock();
    try {
      if (closed) {
        return true;
      }
      waiting = attempt;
      attempt = null;
      failure = cause;
      failedAt = System.nanoTime();
      first = failures++ == 0;
    } finally {
      lock.unlock();
    }
    if (first) {
      peer.down(cause);
    }
    if (waiting != null) {
      waiting.completeExceptionally(cause);
    }
    return false;
  }

  /** Waits until it is time for another attempt, or until somebody asks for one. */
  private void pause() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = pauses.after(failures).toNanos();
      while (attempt == null && left > 0 && !closed) {
        left = wanted.awaitNanos(left);
      }
      if (closed) {
        throw new InterruptedException();
      }
      if (attempt == null) {
        attempt = new CompletableFuture<>();
      }
    } finally {
      lock.unlock();
    }
  }
}

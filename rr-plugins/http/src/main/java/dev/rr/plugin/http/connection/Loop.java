package dev.rr.plugin.http.connection;

import dev.rr.api.log.Log;
import dev.rr.api.log.OncePerSecond;
import dev.rr.http.ExchangeLoop;
import dev.rr.http.HttpDates;
import dev.rr.plugin.http.text.ByteWriter;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one event loop share. {@link #execute} may be called from any thread,
 * everything else on the loop only.
 */
public final class Loop implements ExchangeLoop {
  /** A task in line. */
  private static final class Task {
    private final Runnable work;
    private @Nullable Task next;

    Task(Runnable work) {
      this.work = work;
    }
  }

  private final EventLoop eventLoop;
  private final Log log;
  private final AtomicReference<@Nullable Task> mailbox = new AtomicReference<>();
  private final Runnable drain = this::drain;

  /** Bytes that are looked at right now; nothing in it outlives a call. */
  private byte[] scratch = new byte[16 * 1024];

  private final ByteWriter writer = new ByteWriter(16 * 1024);

  private byte[] date = new byte[0];
  private long dateSecond;
  private @Nullable Connection first;
  private final OncePerSecond cutLines = new OncePerSecond();

  /**
   * Begins to check deadlines.
   *
   * @param log where exceptions of tasks go
   * @param tickMillis milliseconds between two checks of every connection's deadlines
   */
  public Loop(EventLoop eventLoop, Log log, long tickMillis) {
    this.eventLoop = eventLoop;
    this.log = log;
    var unused =
        eventLoop.scheduleWithFixedDelay(
            this::checkDeadlines, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public Log log() {
    return log;
  }

  /** Of connections that are cut off for want of memory, which are many at once. */
  OncePerSecond cutLines() {
    return cutLines;
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  /**
   * Runs {@code work} on the loop. Tasks that come while the loop is busy wait in one list that
   * costs a single wake-up: measured faster than a wake-up for each.
   */
  @Override
  public void execute(Runnable work) {
    Task task = new Task(work);
    Task before;
    do {
      before = mailbox.get();
      task.next = before;
    } while (!mailbox.compareAndSet(before, task));
    if (before == null) {
      try {
        eventLoop.execute(drain);
      } catch (RejectedExecutionException e) {
        // The server has stopped; its connections are gone, so nobody waits for this.
        mailbox.set(null);
      }
    }
  }

  private void drain() {
    Task last = mailbox.getAndSet(null);
    Task oldest = null;
    while (last != null) {
      Task before = last.next;
      last.next = oldest;
      oldest = last;
      last = before;
    }
    for (Task task = oldest; task != null; task = task.next) {
      run(task.work);
    }
  }

  private void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      // Whatever it was, the others in line are not to lose their turn.
      log.log(Log.Level.ERROR, "internal server error", e, "message", e.toString());
    }
  }

  /** At least {@code length} bytes to work in until the next call. */
  public byte[] scratch(int length) {
    if (scratch.length < length) {
      if (length > 256 * 1024) {
        // A giant head is rare; keeping its space would be for nothing.
        return new byte[length];
      }
      scratch = new byte[Integer.highestOneBit(length - 1) * 2];
    }
    return scratch;
  }

  /** Where heads are written; nothing in it outlives a call. */
  ByteWriter writer() {
    return writer;
  }

  /** The {@code Date} header's value, in ASCII. */
  public byte[] date() {
    long second = System.currentTimeMillis() / 1000;
    if (second != dateSecond) {
      dateSecond = second;
      date = HttpDates.format(Instant.ofEpochSecond(second)).getBytes(StandardCharsets.US_ASCII);
    }
    return date;
  }

  /** Has a connection's deadlines checked from now on. */
  public void add(Connection connection) {
    if (connection.listed) {
      // A handler may be told twice that its channel is active.
      return;
    }
    connection.listed = true;
    connection.next = first;
    if (first != null) {
      first.previous = connection;
    }
    first = connection;
  }

  /** Has its deadlines checked no more; nothing happens to one that was not added. */
  public void remove(Connection connection) {
    if (!connection.listed) {
      return;
    }
    connection.listed = false;
    if (connection.previous != null) {
      connection.previous.next = connection.next;
    } else if (first == connection) {
      first = connection.next;
    }
    if (connection.next != null) {
      connection.next.previous = connection.previous;
    }
    connection.next = null;
    connection.previous = null;
  }

  private void checkDeadlines() {
    long now = System.nanoTime();
    Connection next;
    for (Connection c = first; c != null; c = next) {
      // Checking may remove it.
      next = c.next;
      c.check(now);
    }
  }

  /** Asks every connection to end once its requests are answered. */
  public void drainConnections() {
    Connection next;
    for (Connection c = first; c != null; c = next) {
      next = c.next;
      c.drain();
    }
  }

  /**
   * A connection whose deadlines are looked at a few times per second at most. On its loop only.
   */
  public abstract static class Connection extends ChannelDuplexHandler {
    private @Nullable Connection next;
    private @Nullable Connection previous;
    private boolean listed;

    /** Ends what has taken too long. */
    protected abstract void check(long now);

    /** Lets running requests finish, takes no new ones, then closes. */
    protected abstract void drain();
  }
}

package dev.rr.plugin.beanstalk;

import dev.rr.api.plugin.Deadline;
import dev.rr.net.WatchedPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The jobs that one connection has reserved and that have no outcome yet. The server gives them to
 * others as soon as the connection has ended, and each that was silent for too long: a thread of
 * its own says in time that they are still worked on. Any thread.
 */
final class Reservations implements WatchedPeer.Connection {
  private final BeanstalkConnection connection;
  private final BeanstalkServer server;
  private final Thread keeper;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private final Set<Long> held = new HashSet<>();
  private final Set<Long> settling = new HashSet<>();

  private Reservations(BeanstalkConnection connection, BeanstalkServer server) {
    this.connection = connection;
    this.server = server;
    this.keeper = Thread.ofVirtual().name(server.thread("keep")).unstarted(this::touchUntilTheEnd);
  }

  /** Connects, to reserve from this tube. */
  static Reservations dial(BeanstalkServer server, String tube)
      throws IOException, InterruptedException {
    BeanstalkConnection connection = server.dial("reserve");
    try {
      Deadline deadline = Deadline.after(server.timeout());
      connection.call("watch " + tube, deadline).expect("WATCHING", "watch");
      if (!tube.equals("default")) {
        connection.call("ignore default", deadline).expect("WATCHING", "ignore");
      }
      Reservations reservations = new Reservations(connection, server);
      reservations.keep();
      return reservations;
    } catch (IOException | InterruptedException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void keep() {
    keeper.start();
    connection.onEnd(keeper::interrupt);
  }

  private void touchUntilTheEnd() {
    try {
      while (true) {
        // Three chances before the server gives a job to somebody else.
        Thread.sleep(Duration.ofSeconds(server.timeToRun()).dividedBy(3));
        touch();
        connection.closeIfOverdue();
      }
    } catch (IOException | InterruptedException e) {
      // The connection has ended, and with it what was reserved.
    }
  }

  /** Says of all that they are worked on. */
  void touch() throws IOException, InterruptedException {
    for (long id : ids()) {
      var unused = connection.send("touch " + Long.toUnsignedString(id));
    }
  }

  private Set<Long> ids() {
    lock.lock();
    try {
      return Set.copyOf(held);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the server has taken back what was reserved. */
  boolean hasEnded() {
    return connection.hasEnded();
  }

  int held() {
    lock.lock();
    try {
      return held.size();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until an outcome was told, or so long. */
  void awaitOutcome(Duration longest) throws InterruptedException, IOException {
    lock.lockInterruptibly();
    try {
      boolean unused = changed.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      lock.unlock();
    }
    checkConnected();
  }

  private void checkConnected() throws IOException {
    if (connection.hasEnded()) {
      throw new IOException("the connection to " + server + " was lost");
    }
  }

  /** Asks for so many jobs that are there at once. */
  Deque<CompletableFuture<TubeReply>> ask(int count) throws IOException, InterruptedException {
    Deque<CompletableFuture<TubeReply>> asked = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      asked.add(connection.send("reserve-with-timeout 0", server.timeout(), this::hold));
    }
    return asked;
  }

  /** Asks for a job, which the server may wait for; nothing else is answered meanwhile. */
  CompletableFuture<TubeReply> askAndWait(Duration longest)
      throws IOException, InterruptedException {
    long seconds = BeanstalkServer.seconds(longest);
    return connection.send(
        "reserve-with-timeout " + seconds, server.timeout().plusSeconds(seconds), this::hold);
  }

  TubeReply await(CompletableFuture<TubeReply> reply, Duration longest)
      throws IOException, InterruptedException {
    return connection.await(reply, Deadline.after(longest));
  }

  /** On the thread that reads. */
  private void hold(TubeReply reply) {
    if (reply.is("RESERVED")) {
      lock.lock();
      try {
        held.add(Long.parseUnsignedLong(reply.rest().getFirst()));
      } finally {
        lock.unlock();
      }
    }
  }

  /** It is done with. */
  void delete(long id) throws IOException, InterruptedException {
    settle(id, "delete " + Long.toUnsignedString(id), "DELETED");
  }

  /** It comes again. */
  void release(long id, long priority, Duration delay) throws IOException, InterruptedException {
    settle(
        id,
        "release "
            + Long.toUnsignedString(id)
            + " "
            + priority
            + " "
            + BeanstalkServer.seconds(delay),
        "RELEASED");
  }

  /** It is put aside until an operator kicks it. */
  void bury(long id, long priority) throws IOException, InterruptedException {
    settle(id, "bury " + Long.toUnsignedString(id) + " " + priority, "BURIED");
  }

  private void settle(long id, String command, String expected)
      throws IOException, InterruptedException {
    // A job that comes again is anybody's to delete.
    if (!begin(id)) {
      throw new IOException(command + ": the job has an outcome already");
    }
    // Forgotten as soon as the answer is there: behind it the same job may come again.
    CompletableFuture<TubeReply> answer =
        connection.send(command, server.timeout(), answered -> forget(id));
    TubeReply reply = await(answer, server.timeout());
    if (reply.is("NOT_FOUND")) {
      throw new IOException(
          command + ": the server has taken the job back, it comes or came again");
    }
    TubeReply ignored = reply.expect(expected, command);
  }

  /** Answers whether the job has no outcome so far; it counts as held until the server has it. */
  private boolean begin(long id) {
    lock.lock();
    try {
      return held.contains(id) && settling.add(id);
    } finally {
      lock.unlock();
    }
  }

  private void forget(long id) {
    lock.lock();
    try {
      held.remove(id);
      settling.remove(id);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Has a job come again that nobody has seen; waits for nothing. */
  void giveBack(TubeReply reply, long priority) {
    if (!reply.is("RESERVED")) {
      return;
    }
    try {
      long id = reply.id();
      forget(id);
      var unused = connection.send("release " + Long.toUnsignedString(id) + " " + priority + " 0");
    } catch (IOException e) {
      // It comes again without that, since the connection has ended.
    } catch (InterruptedException e) {
      close();
    }
  }

  @Override
  public void join(Duration longest) throws InterruptedException {
    connection.join(longest);
    boolean unused = keeper.join(longest);
  }

  @Override
  public void close() {
    connection.close();
  }

  @Override
  public void onEnd(Runnable then) {
    connection.onEnd(then);
  }
}

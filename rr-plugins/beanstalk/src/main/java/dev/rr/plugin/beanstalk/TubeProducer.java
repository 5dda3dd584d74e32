package dev.rr.plugin.beanstalk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.jobs.RefusedException;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.WatchedPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A connection that puts jobs into a tube, and asks how it is. Any thread. */
final class TubeProducer implements WatchedPeer.Connection {
  /** The most that is on its way at once. */
  private static final int MOST = 256;

  private static final int MOST_BYTES = 512 << 10;
  private static final String INSERTED = "INSERTED";
  private static final String BURIED = "BURIED";

  private final BeanstalkConnection connection;
  private final BeanstalkServer server;
  private final String tube;
  private final long largest;

  private TubeProducer(
      BeanstalkConnection connection, BeanstalkServer server, String tube, long largest) {
    this.connection = connection;
    this.server = server;
    this.tube = tube;
    this.largest = largest;
  }

  /** Connects. */
  static TubeProducer dial(BeanstalkServer server, String tube)
      throws IOException, InterruptedException {
    BeanstalkConnection connection = server.dial("put");
    try {
      Deadline deadline = Deadline.after(server.timeout());
      TubeReply using = connection.call("use " + tube, deadline).expect("USING", "use");
      assert using.is("USING");
      long largest = number(figures(connection.call("stats", deadline)), "max-job-size");
      return new TubeProducer(connection, server, tube, largest);
    } catch (IOException | InterruptedException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Jobs on their way into a tube, in order; those that the server has are no longer in it. Of one
   * thread at a time.
   */
  static final class Batch {
    private final Deque<JobBody> left;
    private final long priority;
    private final long timeToRun;

    Batch(List<JobBody> jobs, long priority, long timeToRun) {
      this.left = new ArrayDeque<>(jobs);
      this.priority = priority;
      this.timeToRun = timeToRun;
    }

    boolean isDone() {
      return left.isEmpty();
    }
  }

  /**
   * Puts what is left, some at a time, one behind the other without waiting. What was on its way
   * when the connection ended may be there twice, when it is put again.
   *
   * @throws RefusedException when the server refuses one, or it is too large; those before it stay
   */
  void put(Batch batch, Deadline deadline) throws IOException, InterruptedException {
    while (!batch.isDone()) {
      putSome(batch, deadline);
    }
  }

  private void putSome(Batch batch, Deadline deadline) throws IOException, InterruptedException {
    Deque<CompletableFuture<TubeReply>> sent = new ArrayDeque<>();
    try {
      boolean fit = send(batch, sent, deadline);
      while (!sent.isEmpty()) {
        TubeReply inserted = connection.await(sent.element(), deadline).expect(INSERTED, "put");
        assert inserted.is(INSERTED);
        sent.remove();
        batch.left.remove();
      }
      if (!fit) {
        throw new RefusedException(
            "put: job too big; " + server + " takes " + largest + " bytes with their headers");
      }
    } finally {
      // Whoever is told that they failed may push them anew.
      sent.forEach(reply -> reply.thenAccept(this::takeBack));
    }
  }

  /**
   * Sends what may be on its way at once. Answers whether it was not a job too large that ended it.
   */
  private boolean send(Batch batch, Deque<CompletableFuture<TubeReply>> sent, Deadline deadline)
      throws IOException, InterruptedException {
    long bytes = 0;
    for (JobBody job : batch.left) {
      byte[] body = job.encode();
      if (body.length > largest) {
        // None behind it is put.
        return false;
      }
      bytes += body.length;
      if (sent.size() == MOST || (bytes > MOST_BYTES && !sent.isEmpty())) {
        break;
      }
      sent.add(connection.send(put(batch, job, body), deadline));
    }
    return true;
  }

  /** Deletes a job that the server took though one before it failed, unless somebody has it. */
  private void takeBack(TubeReply reply) {
    if (!reply.is(INSERTED) && !reply.is(BURIED)) {
      return;
    }
    try {
      connection.sendAtOnce("delete " + Long.toUnsignedString(reply.id()));
    } catch (IOException e) {
      // It stays, and may be worked on twice.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] put(Batch batch, JobBody job, byte[] body) {
    long delay =
        Math.min(BeanstalkServer.seconds(job.job().options().delay()), TubeConfig.LEAST_URGENT);
    String head =
        "put " + batch.priority + " " + delay + " " + batch.timeToRun + " " + body.length + "\r\n";
    ByteArrayOutputStream command = new ByteArrayOutputStream(head.length() + body.length + 2);
    command.writeBytes(head.getBytes(US_ASCII));
    command.writeBytes(body);
    command.write('\r');
    command.write('\n');
    return command.toByteArray();
  }

  /** How many jobs of the tube are in which state. */
  record Counts(long ready, long delayed, long reserved) {}

  /** Zeros while nobody has used the tube. */
  Counts counts(Deadline deadline) throws IOException, InterruptedException {
    TubeReply reply = connection.call("stats-tube " + tube, deadline);
    if (reply.is("NOT_FOUND")) {
      return new Counts(0, 0, 0);
    }
    Map<String, String> figures = figures(reply);
    return new Counts(
        number(figures, "current-jobs-ready"),
        number(figures, "current-jobs-delayed"),
        number(figures, "current-jobs-reserved"));
  }

  /** The lines of a YAML map. */
  private static Map<String, String> figures(TubeReply reply) throws IOException {
    byte[] body = reply.expect("OK", "stats").body();
    Map<String, String> figures = new HashMap<>();
    for (String line : new String(body == null ? new byte[0] : body, UTF_8).split("\n", -1)) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        figures.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return figures;
  }

  private static long number(Map<String, String> figures, String name) throws IOException {
    String figure = figures.getOrDefault(name, "");
    try {
      return Long.parseLong(figure);
    } catch (NumberFormatException e) {
      throw new IOException("beanstalkd did not tell its " + name, e);
    }
  }

  @Override
  public void onEnd(Runnable then) {
    connection.onEnd(then);
  }

  @Override
  public void join(Duration longest) throws InterruptedException {
    connection.join(longest);
  }

  @Override
  public void close() {
    connection.close();
  }
}

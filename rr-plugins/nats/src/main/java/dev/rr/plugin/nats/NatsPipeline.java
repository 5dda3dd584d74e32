package dev.rr.plugin.nats;

import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineFaults;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A pipeline on a subject of a stream. Any thread. */
final class NatsPipeline implements Pipeline {
  private static final String DRIVER = "nats";
  private static final Duration FLUSH = Duration.ofSeconds(1);

  private final PipelineSpec spec;
  private final StreamKeys keys;
  private final NatsServer server;
  private final Log log;
  private final JobStream stream;
  private final JobPublisher publisher;
  private final HeldJobs held;
  private final ConsumerThread consumer;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final ReentrantLock ensuring = new ReentrantLock();
  // Both are guarded by it.
  private JobStream.@Nullable Made known;
  private String settledAt = "";
  private volatile @Nullable ScheduledFuture<?> keeping;

  /** One that is not open. */
  NatsPipeline(PipelineSpec spec, StreamKeys keys, NatsServer server, JobSink sink, Log log) {
    this.spec = spec;
    this.keys = keys;
    this.server = server;
    this.log = log;
    this.stream =
        new JobStream(
            keys.stream(),
            keys.subject(),
            Subjects.consumer(spec.name()),
            keys.patience(),
            // Clients always ask for it, and upstream never does it.
            keys.deliverNew() && !spec.declared());
    this.publisher = new JobPublisher(server, this);
    this.held = new HeldJobs(server);
    this.consumer =
        new ConsumerThread(
            DRIVER, spec.name(), new PullConsumer(this, server, sink, log), sink::lost);
  }

  /** Connects, and makes what is missing. */
  void open() throws Exception {
    try {
      ensure(server.connection(NatsServer.TIMEOUT), Deadline.after(NatsServer.TIMEOUT));
    } catch (IOException | JetStreamApiException e) {
      throw OperationException.within("new_nats_consumer", e);
    }
    server.used();
    long millis = keys.patience().toMillis() / 3;
    keeping = server.timer().scheduleAtFixedRate(held::keep, millis, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Makes what is missing, after a connection was lost or something was deleted. One at a time:
   * what has arrived from a new consumer must not be forgotten with the rest.
   */
  void ensure(Connection connection, Deadline deadline)
      throws IOException, JetStreamApiException, InterruptedException {
    if (!ensuring.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IOException(server + " does not answer");
    }
    try {
      JobStream.Made made = stream.ensure(connection, deadline);
      if (known != null && made.isAnother(known)) {
        held.forget();
      }
      known = made;
      settleDeleted(connection, Deadline.after(deadline.remaining().dividedBy(2)));
    } finally {
      ensuring.unlock();
    }
  }

  /** Once for each start of the server; who may not look at messages goes on without. */
  private void settleDeleted(Connection connection, Deadline deadline) {
    String id = connection.getServerInfo().getServerId();
    if (id.equals(settledAt)) {
      return;
    }
    try {
      stream.settleDeleted(connection, deadline);
      settledAt = id;
    } catch (IOException | JetStreamApiException e) {
      log.debug(
          "jobs that were deleted may be tried again",
          "pipeline",
          name(),
          "error",
          String.valueOf(e.getMessage()));
    }
  }

  // ---- in --------------------------------------------------------------------------------------

  @Override
  public void push(List<Job> jobs, Deadline deadline) throws Exception {
    Deque<NatsMessage> messages = new ArrayDeque<>(jobs.size());
    for (Job job : jobs) {
      messages.add(JobMessage.pushed(job, spec.name(), keys.subject()));
    }
    publish(messages, deadline);
  }

  /** Publishes a copy of a job. */
  void publishAgain(Job job, String subject) throws Exception {
    Deque<NatsMessage> one = new ArrayDeque<>();
    one.add(JobMessage.again(job, spec.name(), subject));
    publish(one, Deadline.after(HeldJobs.TIMEOUT));
  }

  private void publish(Deque<NatsMessage> messages, Deadline deadline) throws Exception {
    if (stopped.get()) {
      throw PipelineFaults.stopped();
    }
    try {
      publisher.publish(messages, deadline);
    } catch (IOException e) {
      throw OperationException.within("nats_consumer_push", e);
    }
  }

  // ---- its life --------------------------------------------------------------------------------

  @Override
  public void resume(Deadline deadline) {
    if (stopped.get()) {
      throw PipelineFaults.stopped();
    }
    consumer.resume();
  }

  @Override
  public void pause(Deadline deadline) throws Exception {
    consumer.pause(deadline);
  }

  /** The figures stand where upstream has them: taken ones in active, waiting ones in reserved. */
  @Override
  public PipelineState state(Deadline deadline) throws Exception {
    try {
      ConsumerInfo info = stream.info(server.connection(deadline.remaining()), deadline);
      return new PipelineState(
          spec.name(),
          DRIVER,
          keys.subject(),
          info.getNumAckPending(),
          0,
          info.getNumPending(),
          consumer.active(),
          spec.priority(),
          "");
    } catch (IOException | JetStreamApiException e) {
      throw OperationException.within("nats_state", e);
    }
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    stop(deadline, keys.deleteStreamOnStop(), false);
  }

  @Override
  public void release(Deadline deadline) throws Exception {
    stop(deadline, false, false);
  }

  @Override
  public void destroy(Deadline deadline) throws Exception {
    stop(deadline, keys.deleteStreamOnStop(), true);
  }

  private void stop(Deadline deadline, boolean deletesStream, boolean deletesConsumer)
      throws Exception {
    if (stopped.getAndSet(true)) {
      return;
    }
    ScheduledFuture<?> timer = keeping;
    try {
      consumer.stop(deadline);
    } finally {
      if (timer != null) {
        var _ = timer.cancel(false);
        server.released();
      }
      held.stop();
      leave(deadline, deletesStream, deletesConsumer);
    }
  }

  private void leave(Deadline deadline, boolean deletesStream, boolean deletesConsumer)
      throws Exception {
    Connection connection = server.current();
    if (connection == null) {
      return;
    }
    try {
      connection.flush(deadline.within(FLUSH).remaining().plusMillis(1));
      if (deletesStream) {
        stream.delete(connection, deadline);
      } else if (deletesConsumer) {
        stream.deleteConsumer(connection, deadline);
      }
    } catch (TimeoutException | IllegalStateException | IOException e) {
      log.debug("nats-server did not hear of the end", "error", String.valueOf(e.getMessage()));
    }
  }

  // ---- what its parts ask ----------------------------------------------------------------------

  String name() {
    return spec.name();
  }

  JobStream stream() {
    return stream;
  }

  HeldJobs held() {
    return held;
  }

  /** How many jobs may be held. */
  int prefetch() {
    return keys.held(spec.declared());
  }

  /** A job will not come again. */
  void done(long sequence) {
    if (keys.deleteAfterAck()) {
      delete(sequence);
    }
  }

  /** Deletes a message that is done with; that it stays costs room, and no more. */
  void delete(long sequence) {
    try {
      stream.deleteMessage(
          server.connection(HeldJobs.TIMEOUT), sequence, Deadline.after(HeldJobs.TIMEOUT));
    } catch (IOException | JetStreamApiException e) {
      log.warn(
          "a message cannot be deleted",
          "pipeline",
          name(),
          "sequence",
          sequence,
          "error",
          String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

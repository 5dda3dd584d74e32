package dev.rr.plugin.nats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rr.api.jobs.Job;
import dev.rr.api.plugin.Deadline;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.impl.NatsJetStreamMetaData;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Where jobs arrive that were asked for over one connection: one request at a time, for so many as
 * there is room. Of one thread, beside the one of the client that receives.
 */
final class Inbox implements AutoCloseable {
  private static final Duration EXPIRES = Duration.ofSeconds(30);
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration LONGEST_SILENCE = HEARTBEAT.multipliedBy(3);
  private static final Duration DRAIN = Duration.ofSeconds(2);

  /** Of what is asked for at once; a single larger job still fits. */
  private static final long MOST_BYTES = 16 << 20;

  private static final int HEARTBEAT_STATUS = 100;
  private static final int NONE = 404;
  private static final int EXPIRED = 408;
  private static final int CONFLICT = 409;

  private final Connection connection;
  private final NatsPipeline pipeline;
  private final Dispatcher dispatcher;
  private final String address;
  private final Object lock = new Object();
  // Guarded by the lock.
  private int asked;
  private int wanted;
  private long request;
  private long heardAt = System.nanoTime();
  private @Nullable String fault;

  Inbox(Connection connection, NatsPipeline pipeline) {
    this.connection = connection;
    this.pipeline = pipeline;
    this.address = connection.createInbox();
    this.dispatcher = connection.createDispatcher(this::receive);
    // What was asked for is bounded; what arrives beyond a bound would be lost for a while.
    dispatcher.setPendingLimits(0, 0);
    dispatcher.subscribe(address + ".*");
  }

  /** Whether nothing was asked for that has not arrived. */
  boolean isIdle() {
    synchronized (lock) {
      return wanted == 0;
    }
  }

  /** Asks for so many, unless something was asked for. */
  void ask(int count) {
    String answerTo;
    synchronized (lock) {
      if (wanted > 0) {
        return;
      }
      wanted = count;
      asked = count;
      heardAt = System.nanoTime();
      answerTo = address + "." + ++request;
    }
    JobStream from = pipeline.stream();
    connection.publish(
        "$JS.API.CONSUMER.MSG.NEXT." + from.name() + "." + from.consumer(),
        answerTo,
        ("{\"batch\":%d,\"max_bytes\":%d,\"expires\":%d,\"idle_heartbeat\":%d}")
            .formatted(
                count,
                Math.max(MOST_BYTES, 2 * connection.getMaxPayload()),
                EXPIRES.toNanos(),
                HEARTBEAT.toNanos())
            .getBytes(US_ASCII));
  }

  /**
   * Looks whether anything can still arrive.
   *
   * @throws IOException when not
   */
  void check() throws IOException {
    synchronized (lock) {
      if (fault != null) {
        throw new IOException(fault);
      }
      if (wanted > 0 && System.nanoTime() - heardAt > LONGEST_SILENCE.toNanos()) {
        throw new IOException("nothing is heard of what was asked for");
      }
    }
    if (connection.getStatus() != Connection.Status.CONNECTED) {
      throw new IOException("the connection was lost");
    }
  }

  // ---- what arrives ----------------------------------------------------------------------------

  private void receive(Message message) {
    if (message.isStatusMessage()) {
      told(message.getSubject(), message.getStatus());
    } else if (message.isJetStream()) {
      // Held before it counts as arrived, else one more is asked for than there is room.
      take(message);
      synchronized (lock) {
        heardAt = System.nanoTime();
        wanted = Math.max(0, wanted - 1);
      }
    }
    pipeline.held().look();
  }

  private void told(String about, Status status) {
    synchronized (lock) {
      heardAt = System.nanoTime();
      if (!about.endsWith("." + request)) {
        return;
      }
      switch (status.getCode()) {
        case HEARTBEAT_STATUS -> {}
        case NONE, EXPIRED -> wanted = 0;
        case CONFLICT -> {
          // What ends a request that has brought something may be asked again at once.
          if (wanted == asked || status.getMessage().startsWith("Consumer")) {
            fault = status.getMessage();
          }
          wanted = 0;
        }
        default -> fault = status.getMessageWithCode();
      }
    }
  }

  private void take(Message message) {
    NatsJetStreamMetaData data = message.metaData();
    Instant stored = data.timestamp().toInstant();
    Job job = JobMessage.decode(message.getData(), message.getHeaders(), message.getSubject());
    Duration early = Duration.between(Instant.now(), stored.plus(job.options().delay()));
    if (job.options().delay().isPositive() && early.isPositive()) {
      connection.publish(message.getReplyTo(), NatsDelivery.nak(early));
      return;
    }
    HeldJobs.Place place =
        new HeldJobs.Place(
            data.streamSequence(),
            TimeUnit.SECONDS.toNanos(stored.getEpochSecond()) + stored.getNano());
    pipeline
        .held()
        .add(new NatsDelivery(pipeline, job, place, message.getSubject(), message.getReplyTo()));
  }

  /** Ends asking, and lets what is on its way arrive. */
  @Override
  public void close() {
    // Not on the thread that consumes: whoever ends it interrupts it, and must not be overheard.
    Thread draining = Thread.ofVirtual().name("rr-nats-drain").start(this::drain);
    boolean interrupted = false;
    while (draining.isAlive()) {
      try {
        draining.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void drain() {
    Deadline deadline = Deadline.after(DRAIN);
    try {
      var _ = dispatcher.drain(DRAIN).get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
      // Asked about its consumer, the server drops requests that nobody waits for any more. Before
      // 2.10 it would forget the next job that is given back until its patience ends, and count one
      // too few: the last job would come twice.
      var _ = pipeline.stream().info(connection, deadline);
    } catch (IOException
        | JetStreamApiException
        | IllegalStateException
        | ExecutionException
        | InterruptedException
        | TimeoutException e) {
      // The connection was lost, and with it what was on its way; it comes again.
    }
  }
}

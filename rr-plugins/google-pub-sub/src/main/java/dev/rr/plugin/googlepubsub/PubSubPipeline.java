package dev.rr.plugin.googlepubsub;

import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
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
import dev.rr.plugin.googlepubsub.PubSubProto.AcknowledgeRequest;
import dev.rr.plugin.googlepubsub.PubSubProto.ModifyAckDeadlineRequest;
import dev.rr.plugin.googlepubsub.PubSubProto.PubsubMessage;
import dev.rr.plugin.googlepubsub.PubSubProto.ReceivedMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A pipeline on a topic, with a subscription of its own name. Any thread. */
final class PubSubPipeline implements Pipeline {
  private static final String DRIVER = "google_pub_sub";

  /** How long it is tried to open a pipeline, and how long after there was an answer. */
  private static final Duration START = Duration.ofSeconds(30);

  private static final Duration START_AGAIN = Duration.ofSeconds(2);

  private static final Duration LEAVE = Duration.ofSeconds(2);

  /** The longest for which the server keeps a job that it has handed over. */
  private static final int LONGEST_LEASE_SECONDS = 600;

  private final PipelineSpec spec;
  private final PubSubKeys keys;
  private final PubSubClient client;
  private final Duration lease;
  private final Log log;
  private final String clientId = UUID.randomUUID().toString();
  private final JobTopic topic;
  private final JobLeases leases;
  private final GatheredOutcomes acks = new GatheredOutcomes(this::acknowledge);
  private final GatheredOutcomes nacks = new GatheredOutcomes((ids, by) -> keep(ids, 0, by));
  private final StreamConsumer stream;
  private final ConsumerThread consumer;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private volatile @Nullable Thread keeper;

  /**
   * One that is not open.
   *
   * @param lease how long the server waits for a sign of life of a job; whole seconds
   */
  PubSubPipeline(
      PipelineSpec spec,
      PubSubKeys keys,
      PubSubClient client,
      Duration lease,
      JobSink sink,
      Log log) {
    this.spec = spec;
    this.keys = keys;
    this.client = client;
    this.lease = lease;
    this.log = log;
    this.topic = new JobTopic(client, keys, spec.name());
    this.leases = new JobLeases(keys.prefetch());
    this.stream = new StreamConsumer(this, client, sink, log);
    this.consumer = new ConsumerThread(DRIVER, spec.name(), stream, sink::lost);
  }

  /** Makes what is missing. */
  void open() throws Exception {
    try {
      topic.declare(Deadline.after(START_AGAIN), Deadline.after(START));
    } catch (CallFailure e) {
      throw OperationException.within("google_pub_sub_consumer", e);
    }
    client.outage().used();
    keeper =
        Thread.ofVirtual().name("rr-" + DRIVER + "-" + spec.name() + "-keep").start(this::keepAll);
  }

  // ---- in --------------------------------------------------------------------------------------

  @Override
  public void push(List<Job> jobs, Deadline deadline) throws Exception {
    if (stopped.get()) {
      throw PipelineFaults.stopped();
    }
    try {
      topic.publish(jobs, deadline);
    } catch (CallFailure e) {
      throw OperationException.within("google_pub_sub_push", e);
    }
  }

  /** Publishes a copy of a job. */
  void publishAgain(Job copy) throws Exception {
    push(List.of(copy), Deadline.after(PubSubClient.TIMEOUT));
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

  /** Pub/Sub tells how much waits to its monitoring alone, so that is 0. */
  @Override
  public PipelineState state(Deadline deadline) {
    return new PipelineState(
        spec.name(),
        DRIVER,
        keys.topic(),
        0,
        leases.delayed(),
        leases.reserved(),
        consumer.active(),
        spec.priority(),
        "");
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    if (stopped.getAndSet(true)) {
      return;
    }
    try {
      consumer.stop(deadline);
    } finally {
      Thread keeping = keeper;
      if (keeping != null) {
        keeping.interrupt();
        boolean unused = keeping.join(deadline.remaining());
        client.outage().released();
      }
      giveBack(leases.stop(), deadline.within(LEAVE));
    }
  }

  // ---- what has arrived ------------------------------------------------------------------------

  /** Takes what has arrived; answers how many of them are early. */
  int take(List<ReceivedMessage> messages) {
    int early = 0;
    List<LeasedJob> refused = new ArrayList<>();
    for (ReceivedMessage each : messages) {
      LeasedJob job = received(each);
      JobLeases.Place place = leases.take(job);
      if (place != JobLeases.Place.ARRIVED) {
        early++;
      }
      if (place == JobLeases.Place.NONE) {
        refused.add(job);
      }
    }
    if (!refused.isEmpty()) {
      postpone(refused);
    }
    return early;
  }

  private LeasedJob received(ReceivedMessage received) {
    PubsubMessage message = received.getMessage();
    Job job = PubSubMessages.decode(message);
    long dueAt = System.nanoTime();
    if (job.options().delay().isPositive() && message.hasPublishTime()) {
      Timestamp at = message.getPublishTime();
      Instant due =
          Instant.ofEpochSecond(at.getSeconds(), at.getNanos()).plus(job.options().delay());
      dueAt += Math.max(0, Duration.between(Instant.now(), due).toNanos());
    }
    return new LeasedJob(this, job, message.getMessageId(), dueAt, received.getAckId());
  }

  /** Has early ones for which there is no room come again, when the first of them is due. */
  private void postpone(List<LeasedJob> refused) {
    long seconds = LONGEST_LEASE_SECONDS;
    for (LeasedJob job : refused) {
      seconds = Math.min(seconds, Math.max(0, job.early().toSeconds()));
    }
    tryToKeep(
        refused.stream().map(LeasedJob::ackId).toList(),
        (int) seconds,
        Deadline.after(PubSubClient.TIMEOUT));
  }

  /** A stream is connected. */
  void connected() {
    client.outage().up(this);
    client.hurry();
  }

  // ---- what became of it -----------------------------------------------------------------------

  /**
   * Tells the server, once, that a job is done; waits for a connection. It is held until then: if
   * it comes again meanwhile, it is told by its new id.
   */
  void done(LeasedJob job) throws Exception {
    try {
      acks.tell(job.ackId(), Deadline.after(PubSubClient.TIMEOUT));
    } finally {
      remove(job);
    }
  }

  /**
   * Tells the server, once, that a job is refused; waits for a connection. It is not held any more
   * by then: the server may hand it over again before it answers.
   */
  void refused(LeasedJob job) throws Exception {
    remove(job);
    nacks.tell(job.ackId(), Deadline.after(PubSubClient.TIMEOUT));
  }

  private void remove(LeasedJob job) {
    leases.remove(job);
    PullStream reading = stream.current();
    if (reading != null) {
      reading.more();
    }
  }

  private void acknowledge(List<String> ids, Deadline deadline)
      throws IOException, InterruptedException {
    Empty unused =
        client.insist(
            PubSubMethods.ACKNOWLEDGE,
            AcknowledgeRequest.newBuilder()
                .setSubscription(subscription())
                .addAllAckIds(ids)
                .build(),
            deadline);
  }

  /** Gives back one that nobody has seen. */
  void giveBack(LeasedJob job) {
    remove(job);
    giveBack(List.of(job.ackId()), Deadline.after(LEAVE));
  }

  /** Gives back what was not handed over. */
  void giveBackWaiting() {
    giveBack(leases.giveUpWaiting(), Deadline.after(LEAVE));
  }

  private void giveBack(List<String> ids, Deadline deadline) {
    tryToKeep(ids, 0, deadline);
  }

  // ---- what is kept ----------------------------------------------------------------------------

  private void keepAll() {
    try {
      while (true) {
        Thread.sleep(lease.dividedBy(3));
        tryToKeep(leases.ids(), leaseSeconds(), Deadline.after(PubSubClient.TIMEOUT));
        PullStream reading = stream.current();
        if (reading != null) {
          reading.giveSign();
        }
      }
    } catch (InterruptedException end) {
      // It is stopped.
    }
  }

  /** Has the server keep jobs for so long from now; they come again sooner where that fails. */
  private void tryToKeep(List<String> ids, int seconds, Deadline deadline) {
    try {
      for (int from = 0; from < ids.size(); from += GatheredOutcomes.MOST) {
        int to = Math.min(ids.size(), from + GatheredOutcomes.MOST);
        Empty unused =
            client.call(
                PubSubMethods.MODIFY_ACK_DEADLINE,
                keeping(ids.subList(from, to), seconds),
                deadline);
      }
    } catch (CallFailure e) {
      log.debug(
          "Pub/Sub does not keep jobs",
          "pipeline",
          spec.name(),
          "error",
          String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keep(List<String> ids, int seconds, Deadline deadline)
      throws IOException, InterruptedException {
    Empty unused =
        client.insist(PubSubMethods.MODIFY_ACK_DEADLINE, keeping(ids, seconds), deadline);
  }

  private ModifyAckDeadlineRequest keeping(List<String> ids, int seconds) {
    return ModifyAckDeadlineRequest.newBuilder()
        .setSubscription(subscription())
        .setAckDeadlineSeconds(seconds)
        .addAllAckIds(ids)
        .build();
  }

  // ---- what its parts ask ----------------------------------------------------------------------

  String name() {
    return spec.name();
  }

  JobTopic topic() {
    return topic;
  }

  String subscription() {
    return topic.subscription();
  }

  String clientId() {
    return clientId;
  }

  JobLeases leases() {
    return leases;
  }

  /** How many jobs may be without an outcome. */
  int prefetch() {
    return keys.prefetch();
  }

  int leaseSeconds() {
    return (int) lease.toSeconds();
  }
}

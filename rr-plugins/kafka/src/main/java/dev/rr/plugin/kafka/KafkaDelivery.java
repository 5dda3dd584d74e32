package dev.rr.plugin.kafka;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.PipelineFaults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A job that has arrived.
 *
 * @param progress of its partition
 * @param told whether there was an outcome, also one that could not be told
 */
record KafkaDelivery(
    ConsumerRecord<byte[], byte[]> record,
    Records.Received received,
    PartitionProgress progress,
    Outcomes outcomes,
    AtomicBoolean told)
    implements Delivery {
  KafkaDelivery(
      ConsumerRecord<byte[], byte[]> record,
      Records.Received received,
      PartitionProgress progress,
      Outcomes outcomes) {
    this(record, received, progress, outcomes, new AtomicBoolean());
  }

  /** What deliveries of one pipeline have in common. Any thread. */
  interface Outcomes {
    /** The job is done with. */
    void finish(KafkaDelivery delivery) throws Exception;

    /** It is to be handed over again. */
    void again(KafkaDelivery delivery) throws Exception;

    /** A copy is to come, behind everything else. */
    void copy(KafkaDelivery delivery, Map<String, List<String>> headers, Duration delay)
        throws Exception;
  }

  @Override
  public Job job() {
    return received.job();
  }

  @Override
  public String queue() {
    return record.topic();
  }

  @Override
  public String pipeline() {
    return received.pipeline();
  }

  @Override
  public Job.LogPlace place() {
    return job().options().log();
  }

  /** Another consumer gets it where its partition is that one's now. */
  @Override
  public boolean stale() {
    return progress.isGone();
  }

  /** The same, to be handed over once more. */
  KafkaDelivery anew() {
    return new KafkaDelivery(record, received, progress, outcomes);
  }

  private void tellOnce() {
    if (!told.compareAndSet(false, true)) {
      throw PipelineFaults.settled();
    }
  }

  @Override
  public void ack() throws Exception {
    tellOnce();
    outcomes.finish(this);
  }

  @Override
  public void nack() throws Exception {
    tellOnce();
    outcomes.again(this);
  }

  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    tellOnce();
    if (requeue) {
      outcomes.copy(this, Map.of(), delay);
    } else {
      outcomes.finish(this);
    }
  }

  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
    tellOnce();
    outcomes.copy(this, headers, delay);
  }
}

package dev.rr.plugin.kafka;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A job that has arrived.
 *
 * @param progress of its partition
 */
record KafkaDelivery(
    ConsumerRecord<byte[], byte[]> record,
    Records.Received received,
    PartitionProgress progress,
    Outcomes outcomes)
    implements Delivery {
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

  @Override
  public void ack() throws Exception {
    outcomes.finish(this);
  }

  @Override
  public void nack() throws Exception {
    outcomes.again(this);
  }

  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    if (requeue) {
      outcomes.copy(this, Map.of(), delay);
    } else {
      outcomes.finish(this);
    }
  }

  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
    outcomes.copy(this, headers, delay);
  }
}

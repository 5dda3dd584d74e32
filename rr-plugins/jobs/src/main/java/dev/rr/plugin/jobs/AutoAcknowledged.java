package dev.rr.plugin.jobs;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A delivery whose outcome its broker was told before there was one, because its client wanted it
 * so. Should it come again, it is pushed anew.
 */
record AutoAcknowledged(Delivery delivery, ManagedPipeline owner, Shared shared)
    implements Delivery {
  @Override
  public Job job() {
    return delivery.job();
  }

  @Override
  public String queue() {
    return delivery.queue();
  }

  @Override
  public String pipeline() {
    return delivery.pipeline();
  }

  @Override
  public Job.LogPlace place() {
    return delivery.place();
  }

  /** The job as it is pushed again: its delay is over. */
  static Job undelayed(Delivery delivery) {
    Job job = delivery.job();
    return job.withOptions(job.options().withDelay(Duration.ZERO));
  }

  @Override
  public void ack() {}

  @Override
  public void nack() {}

  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    if (requeue) {
      requeue(Map.of(), delay);
    }
  }

  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
    Job job = job().withHeaders(headers);
    owner.push(List.of(job.withOptions(job.options().withDelay(delay))), shared.deadline());
  }
}

package dev.rr.plugin.jobs;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A delivery that remembers what became of it.
 *
 * @param outcomes {@code ack}, {@code nack}, {@code nack REQUEUE DELAY}, {@code requeue HEADERS
 *     DELAY}
 */
record FakeDelivery(Job job, List<String> outcomes) implements Delivery {
  FakeDelivery(Job job) {
    this(job, new CopyOnWriteArrayList<>());
  }

  @Override
  public String queue() {
    return "";
  }

  @Override
  public boolean stale() {
    return job.name().equals("taken back");
  }

  @Override
  public void ack() throws Exception {
    outcomes.add("ack");
    failIfRefused();
  }

  @Override
  public void nack() {
    outcomes.add("nack");
  }

  @Override
  public void nack(boolean requeue, Duration delay) {
    outcomes.add("nack " + requeue + " " + delay.toSeconds());
    failIfRefused();
  }

  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) {
    outcomes.add("requeue " + headers + " " + delay.toSeconds());
    failIfRefused();
  }

  private void failIfRefused() {
    if (job.name().equals("cannot be told")) {
      throw new IllegalStateException("no broker");
    }
  }
}

package dev.rr.plugin.nsq;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A message that has come.
 *
 * @param from the connection that holds it, which alone may tell its outcome
 * @param id nsqd's
 */
record ReceivedJob(NsqPipeline owner, NsqConnection from, String id, Job job) implements Delivery {
  @Override
  public String queue() {
    return owner.topic();
  }

  @Override
  public void ack() throws Exception {
    owner.checkOpen();
    from.settle(id, "FIN " + id);
  }

  @Override
  public void nack() throws Exception {
    nack(true, Duration.ZERO);
  }

  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    if (requeue) {
      owner.checkOpen();
      from.settle(id, "REQ " + id + " " + delay.toMillis());
    } else {
      ack();
    }
  }

  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
    if (headers.isEmpty()) {
      nack(true, delay);
      return;
    }
    owner.checkOpen();
    Job again = job.withHeaders(headers);
    if (owner.publishAgain(again.withOptions(again.options().withDelay(delay)))) {
      ack();
    } else {
      nack(true, delay);
    }
  }

  /** Has it come again, at once and maybe elsewhere; nobody has seen it. */
  void giveBack() {
    from.settleAnyway(id, "REQ " + id + " 0");
  }

  /** Has it never come again. */
  void drop() {
    from.settleAnyway(id, "FIN " + id);
  }
}

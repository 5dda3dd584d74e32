package dev.rr.plugin.nsq;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.PipelineFaults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A message that has come.
 *
 * @param from the connection that holds it, which alone may tell its outcome
 * @param id nsqd's
 * @param told whether there was an outcome, also one that could not be told
 */
record ReceivedJob(NsqPipeline owner, NsqConnection from, String id, Job job, AtomicBoolean told)
    implements Delivery {
  ReceivedJob(NsqPipeline owner, NsqConnection from, String id, Job job) {
    this(owner, from, id, job, new AtomicBoolean());
  }

  @Override
  public String queue() {
    return owner.topic();
  }

  @Override
  public boolean stale() {
    return from.hasEnded();
  }

  private void tellOnce() {
    owner.checkOpen();
    if (!told.compareAndSet(false, true)) {
      throw PipelineFaults.settled();
    }
  }

  @Override
  public void ack() throws Exception {
    tellOnce();
    finish();
  }

  private void finish() throws Exception {
    from.settle(id, "FIN " + id);
  }

  private void comeAgain(Duration delay) throws Exception {
    from.settle(id, "REQ " + id + " " + delay.toMillis());
  }

  @Override
  public void nack() throws Exception {
    nack(true, Duration.ZERO);
  }

  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    tellOnce();
    if (requeue) {
      comeAgain(delay);
    } else {
      finish();
    }
  }

  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
    if (headers.isEmpty()) {
      nack(true, delay);
      return;
    }
    tellOnce();
    Job again = job.withHeaders(headers);
    if (owner.publishAgain(again.withOptions(again.options().withDelay(delay)))) {
      finish();
    } else {
      comeAgain(delay);
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

package dev.rr.plugin.beanstalk;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.PipelineFaults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A job that was reserved.
 *
 * @param from the connection that holds it, which alone may tell the server its outcome
 * @param id the server's number, of which there may be another job after a restart
 * @param told whether there was an outcome, also one that could not be told
 */
record ReservedJob(
    BeanstalkPipeline owner, Reservations from, long id, JobBody body, AtomicBoolean told)
    implements Delivery {
  ReservedJob(BeanstalkPipeline owner, Reservations from, long id, JobBody body) {
    this(owner, from, id, body, new AtomicBoolean());
  }

  @Override
  public Job job() {
    return body.job();
  }

  @Override
  public String queue() {
    return owner.config().tube();
  }

  @Override
  public String pipeline() {
    return body.pipeline();
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
    from.delete(id);
  }

  @Override
  public void nack() throws Exception {
    nack(owner.config().requeueOnFail(), Duration.ZERO);
  }

  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    tellOnce();
    if (requeue) {
      from.release(id, owner.priority(), delay);
    } else {
      from.delete(id);
    }
  }

  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
    if (headers.isEmpty()) {
      nack(true, delay);
      return;
    }
    tellOnce();
    Job again = job().withHeaders(headers);
    JobBody copy =
        new JobBody(again.withOptions(again.options().withDelay(delay)), body.pipeline());
    if (owner.putAgain(copy)) {
      from.delete(id);
    } else {
      from.release(id, owner.priority(), delay);
    }
  }
}

package dev.rr.plugin.beanstalk;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A job that was reserved.
 *
 * @param from the connection that holds it, which alone may tell the server its outcome
 * @param id the server's number, of which there may be another job after a restart
 */
record ReservedJob(BeanstalkPipeline owner, Reservations from, long id, JobBody body)
    implements Delivery {
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
  public void ack() throws Exception {
    owner.checkOpen();
    from.delete(id);
  }

  @Override
  public void nack() throws Exception {
    nack(owner.config().requeueOnFail(), Duration.ZERO);
  }

  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    owner.checkOpen();
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
    owner.checkOpen();
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

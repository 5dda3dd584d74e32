package dev.rr.plugin.nats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A job that was taken from a stream. Any thread. */
final class NatsDelivery implements Delivery {
  static final byte[] ACK = word("+ACK");
  static final byte[] NAK = word("-NAK");

  private static final byte[] TERM = word("+TERM");

  private final NatsPipeline owner;
  private final Job job;
  private final HeldJobs.Place place;
  private final String subject;
  private volatile String answerTo;

  /**
   * One that has arrived.
   *
   * @param subject that it was published to
   * @param answerTo the subject on which the server hears of its outcome
   */
  NatsDelivery(NatsPipeline owner, Job job, HeldJobs.Place place, String subject, String answerTo) {
    this.owner = owner;
    this.job = job;
    this.place = place;
    this.subject = subject;
    this.answerTo = answerTo;
  }

  static byte[] word(String word) {
    return word.getBytes(US_ASCII);
  }

  /** The word that has a job come again after a while. */
  static byte[] nak(Duration delay) {
    return delay.isPositive() ? word("-NAK {\"delay\": " + delay.toNanos() + "}") : NAK;
  }

  HeldJobs.Place at() {
    return place;
  }

  String answerTo() {
    return answerTo;
  }

  void answerTo(String other) {
    answerTo = other;
  }

  @Override
  public Job job() {
    return job;
  }

  @Override
  public String queue() {
    return owner.stream().name();
  }

  /** It was deleted with its stream or its consumer, and comes anew where it is still there. */
  @Override
  public boolean stale() {
    return !owner.held().holds(this);
  }

  @Override
  public void ack() throws Exception {
    owner.held().done(this, ACK);
    owner.done(place.sequence());
  }

  @Override
  public void nack() throws Exception {
    owner.held().comesAgain(this, NAK);
  }

  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    if (requeue) {
      owner.held().comesAgain(this, nak(delay));
      return;
    }
    owner.held().done(this, TERM);
    owner.done(place.sequence());
  }

  /** As upstream does it: a copy behind all others, then the old one is deleted. */
  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
    if (headers.isEmpty()) {
      nack(true, delay);
      return;
    }
    owner.held().check(this);
    Job again = job.withHeaders(headers).withOptions(job.options().withDelay(delay));
    try {
      owner.publishAgain(again, subject);
    } catch (Exception e) {
      owner.held().comesAgain(this, NAK);
      throw e;
    }
    owner.held().done(this, ACK);
    owner.delete(place.sequence());
  }
}

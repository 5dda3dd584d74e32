package dev.rr.testing.jobs;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.JobSink;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The queue of the plugin {@code jobs}, as a test reads it. Any thread. */
public final class RecordingSink implements JobSink {
  private static final long TIMEOUT_SECONDS = 30;

  private final BlockingQueue<Delivery> arrived;
  private final List<Throwable> losses = new CopyOnWriteArrayList<>();

  /** A sink in which so many jobs may wait. */
  public RecordingSink(int most) {
    this.arrived = new LinkedBlockingQueue<>(most);
  }

  @Override
  public void add(Delivery delivery) throws InterruptedException {
    arrived.put(delivery);
  }

  @Override
  public void lost(Throwable cause) {
    losses.add(cause);
  }

  /** Waits for the next job. */
  public Delivery take() throws InterruptedException {
    Delivery delivery = arrived.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (delivery == null) {
      throw new AssertionError("no job within " + TIMEOUT_SECONDS + " s, losses: " + losses);
    }
    return delivery;
  }

  /** How many wait. */
  public int size() {
    return arrived.size();
  }

  /** Why the pipeline said that it cannot go on. */
  public List<Throwable> losses() {
    return losses;
  }
}

package dev.rr.testing.jobs;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.JobSink;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The queue of the plugin {@code jobs}, as a test reads it. Any thread. */
public final class RecordingSink implements JobSink {
  private static final long TIMEOUT_SECONDS = 30;

  private final BlockingQueue<Delivery> arrived;
  private final List<Throwable> losses = new CopyOnWriteArrayList<>();
  private final List<String> ends = new CopyOnWriteArrayList<>();

  /** A sink in which so many jobs may wait. */
  public RecordingSink(int most) {
    this.arrived = new LinkedBlockingQueue<>(most);
  }

  @Override
  public void add(Delivery delivery) throws InterruptedException {
    arrived.put(delivery);
  }

  @Override
  public boolean offer(Delivery delivery) {
    return arrived.offer(delivery);
  }

  @Override
  public void lost(Throwable cause) {
    losses.add(cause);
  }

  @Override
  public void ended(String reason) {
    ends.add(reason);
  }

  /** Waits for the next job. */
  public Delivery take() throws InterruptedException {
    Delivery delivery = arrived.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (delivery == null) {
      throw new AssertionError("no job within " + TIMEOUT_SECONDS + " s, losses: " + losses);
    }
    return delivery;
  }

  /** The next job if one comes within so long; null when none does. */
  public @Nullable Delivery poll(long millis) throws InterruptedException {
    return arrived.poll(millis, TimeUnit.MILLISECONDS);
  }

  /** How many wait. */
  public int size() {
    return arrived.size();
  }

  /** Why the pipeline said that it cannot go on. */
  public List<Throwable> losses() {
    return losses;
  }

  /** Why the pipeline said that it has come to its end. */
  public List<String> ends() {
    return ends;
  }
}

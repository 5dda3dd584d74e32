package dev.rr.testing.jobs;

import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineFaults;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The smallest pipeline that holds to {@link JobsDriverContract}. Any thread. */
public final class InMemoryPipeline implements Pipeline {
  private static final String DRIVER = "memory";

  private final DelayQueue<Waiting> queue = new DelayQueue<>();
  // Handed over, without an outcome.
  private final AtomicInteger taken = new AtomicInteger();
  private final String name;
  private final long priority;
  private final JobSink sink;
  private final ConsumerThread consumer;
  private volatile boolean stopped;

  /** A pipeline that does not consume yet. */
  public InMemoryPipeline(String name, long priority, JobSink sink) {
    this.name = name;
    this.priority = priority;
    this.sink = sink;
    this.consumer = new ConsumerThread(DRIVER, name, this::consume, sink::lost);
  }

  private record Waiting(Job job, long dueAt) implements Delayed {
    static Waiting of(Job job, Duration delay) {
      return new Waiting(job, System.nanoTime() + delay.toNanos());
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueAt - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(dueAt, ((Waiting) other).dueAt);
    }
  }

  private void consume() throws InterruptedException {
    while (true) {
      Waiting next = queue.take();
      taken.incrementAndGet();
      try {
        sink.add(new Arrived(next.job()));
      } catch (InterruptedException e) {
        queue.add(next);
        taken.decrementAndGet();
        throw e;
      }
    }
  }

  @Override
  public void push(List<Job> jobs, Deadline deadline) {
    checkOpen();
    jobs.forEach(job -> queue.add(Waiting.of(job, job.options().delay())));
  }

  @Override
  public void resume(Deadline deadline) {
    consumer.resume();
  }

  @Override
  public void pause(Deadline deadline) throws Exception {
    consumer.pause(deadline);
  }

  @Override
  public PipelineState state(Deadline deadline) {
    return new PipelineState(
        name, DRIVER, name, queue.size() + taken.get(), 0, 0, consumer.active(), priority, "");
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    stopped = true;
    consumer.stop(deadline);
  }

  private void checkOpen() {
    if (stopped) {
      throw PipelineFaults.stopped();
    }
  }

  private final class Arrived implements Delivery {
    private final Job job;
    private final AtomicBoolean told = new AtomicBoolean();

    Arrived(Job job) {
      this.job = job;
    }

    @Override
    public Job job() {
      return job;
    }

    @Override
    public String queue() {
      return "";
    }

    private void tellOnce() {
      checkOpen();
      if (!told.compareAndSet(false, true)) {
        throw PipelineFaults.settled();
      }
      taken.decrementAndGet();
    }

    @Override
    public void ack() {
      tellOnce();
    }

    @Override
    public void nack() {
      nack(true, Duration.ZERO);
    }

    @Override
    public void nack(boolean requeue, Duration delay) {
      if (requeue) {
        requeue(Map.of(), delay);
      } else {
        tellOnce();
      }
    }

    @Override
    public void requeue(Map<String, List<String>> headers, Duration delay) {
      tellOnce();
      queue.add(Waiting.of(job.withHeaders(headers), delay));
    }
  }
}

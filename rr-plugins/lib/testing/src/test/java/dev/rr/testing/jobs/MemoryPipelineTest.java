package dev.rr.testing.jobs;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The suite itself, on the smallest pipeline that passes it. */
class MemoryPipelineTest extends JobsDriverContract {
  @Override
  protected Pipeline open(JobSink sink) {
    return new Memory(sink);
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

  private static final class Memory implements Pipeline {
    private final DelayQueue<Waiting> queue = new DelayQueue<>();
    private final JobSink sink;
    private @Nullable Thread consumer;
    private volatile boolean stopped;

    Memory(JobSink sink) {
      this.sink = sink;
    }

    @Override
    public void push(List<Job> jobs, Deadline deadline) {
      jobs.forEach(job -> queue.add(Waiting.of(job, job.options().delay())));
    }

    @Override
    public synchronized void resume(Deadline deadline) {
      if (consumer != null) {
        throw new IllegalStateException("memory listener is already in the active state");
      }
      consumer = Thread.ofPlatform().name("memory-consumer").start(this::consume);
    }

    private void consume() {
      try {
        while (!stopped) {
          sink.add(new Arrived(queue.take().job()));
        }
      } catch (InterruptedException end) {
        // Paused or stopped.
      }
    }

    @Override
    public synchronized void pause(Deadline deadline) throws InterruptedException {
      Thread running = consumer;
      if (running == null) {
        throw new IllegalStateException("no active listeners, nothing to pause");
      }
      running.interrupt();
      running.join(deadline.remaining());
      consumer = null;
    }

    @Override
    public synchronized PipelineState state(Deadline deadline) {
      return new PipelineState("test", "memory", "", queue.size(), 0, 0, consumer != null, 10, "");
    }

    @Override
    public synchronized void stop(Deadline deadline) throws InterruptedException {
      stopped = true;
      if (consumer != null) {
        pause(deadline);
      }
    }

    private final class Arrived implements Delivery {
      private final Job job;

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

      @Override
      public void ack() {
        if (stopped) {
          throw new IllegalStateException("the pipeline has stopped");
        }
      }

      @Override
      public void nack() {
        ack();
      }

      @Override
      public void nack(boolean requeue, Duration delay) {
        ack();
        if (requeue) {
          queue.add(Waiting.of(job, delay));
        }
      }

      @Override
      public void requeue(Map<String, List<String>> headers, Duration delay) {
        ack();
        Map<String, List<String>> merged = new HashMap<>(job.headers());
        merged.putAll(headers);
        queue.add(
            Waiting.of(new Job(job.id(), job.name(), job.payload(), merged, job.options()), delay));
      }
    }
  }
}

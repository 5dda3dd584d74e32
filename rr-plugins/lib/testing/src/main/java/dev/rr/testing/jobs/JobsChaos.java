package dev.rr.testing.jobs;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.worker.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients push jobs and workers finish them while a broker is killed or a pipeline opened anew, at
 * seeded moments: every job whose push succeeded is handed over. {@code -Drr.kills=100} makes a
 * campaign of it, {@code -Drr.chaos.seed} another one. One thread, beside its own.
 */
public final class JobsChaos implements AutoCloseable {
  private static final int CLIENTS = 3;
  private static final int WORKERS = 2;

  /** Of outcomes, one in so many gives the job back; of jobs, one in so many may be delayed. */
  private static final int SOME = 8;

  /** Jobs that may wait; clients push no more than workers and the broker get done. */
  private static final int MOST_WAITING = 30;

  /** How long a push may take; shorter than some brokers are away. */
  private static final Duration PUSH = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Random random = new Random(Integer.getInteger("rr.chaos.seed", 7));
  private final RecordingSink sink;
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> delayed = ConcurrentHashMap.newKeySet();
  private final Set<String> delivered = ConcurrentHashMap.newKeySet();
  private final AtomicLong deliveries = new AtomicLong();
  private final AtomicLong requeues = new AtomicLong();
  // Pushes of delayed jobs that have not ended.
  private final AtomicLong delaying = new AtomicLong();
  private final List<Thread> clients = new ArrayList<>();
  private final List<Thread> workers = new ArrayList<>();
  private volatile Pipeline pipeline;
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean pushed;
  private volatile boolean closed;

  /** What is done to a broker, or to a pipeline. */
  @FunctionalInterface
  public interface Fault {
    /** Does it, and returns when everything is as it was before. */
    void run() throws Exception;
  }

  /**
   * Begins.
   *
   * @param pipeline consumes already
   * @param sink of the pipeline, and of those opened anew
   */
  public JobsChaos(Pipeline pipeline, RecordingSink sink) {
    this.pipeline = pipeline;
    this.sink = sink;
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Thread.ofVirtual().name("test-chaos-push").start(this::pushJobs));
    }
    for (int i = 0; i < WORKERS; i++) {
      workers.add(Thread.ofVirtual().name("test-chaos-work").start(this::work));
    }
  }

  /** How many faults a run has. */
  public static int faults(int normally) {
    return Integer.getInteger("rr.kills", normally);
  }

  /** Of the seed. */
  public Random random() {
    return random;
  }

  /** The pipeline that clients push to; what replaces it consumes already. */
  public Pipeline pipeline() {
    return pipeline;
  }

  /** Has clients push to another one from now on. */
  public void use(Pipeline other) {
    pipeline = other;
  }

  /** Has clients push some of the jobs with a delay from now on. */
  public void delay(Duration some) {
    delay = some;
  }

  /**
   * Has no more jobs be delayed, and waits until all that were are handed over: for brokers that
   * may lose one in the instant in which it becomes due.
   */
  public void endDelays() {
    delay(Duration.ZERO);
    Await.until(
        PATIENCE,
        () -> "delayed jobs are done, " + this,
        () -> delaying.get() == 0 && delivered.containsAll(delayed));
  }

  /** Lets jobs be done for a while, and then brings something about. */
  public void after(int atLeast, Fault fault) throws Exception {
    long enough = delivered.size() + atLeast + random.nextInt(atLeast);
    Await.until(PATIENCE, () -> "jobs are done, " + this, () -> delivered.size() > enough);
    fault.run();
  }

  /** Ends pushing, and waits until every job whose push succeeded was handed over. */
  public void finish() throws InterruptedException {
    pushed = true;
    awaitEnd(clients);
    Await.until(
        PATIENCE, () -> "every job is done, " + this, () -> delivered.containsAll(acknowledged));
  }

  private void pushJobs() {
    while (!pushed) {
      if (acknowledged.size() - delivered.size() > MOST_WAITING) {
        // There are enough.
      } else if (some()) {
        delaying.incrementAndGet();
        pushOne(delay);
        delaying.decrementAndGet();
      } else {
        pushOne(Duration.ZERO);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void pushOne(Duration late) {
    Job job = TestJobs.job("chaos", Map.of("kept", List.of("1")), late);
    try {
      pipeline.push(List.of(job), Deadline.after(PUSH));
      acknowledged.add(job.id());
      if (late.isPositive()) {
        delayed.add(job.id());
      }
    } catch (Exception e) {
      // Nobody was told that it is there.
    }
  }

  private static boolean some() {
    return ThreadLocalRandom.current().nextInt(SOME) == 0;
  }

  private void work() {
    while (!closed) {
      try {
        Delivery next = sink.poll(20);
        if (next != null) {
          delivered.add(next.job().id());
          deliveries.incrementAndGet();
          settle(next);
        }
      } catch (Exception e) {
        // It comes again.
      }
    }
  }

  private void settle(Delivery delivery) throws Exception {
    if (some()) {
      requeues.incrementAndGet();
      delivery.requeue(Map.of("attempts", List.of("1")), Duration.ZERO);
    } else {
      delivery.ack();
    }
  }

  /** Ends its threads; the pipeline is the test's to stop. */
  @Override
  public void close() throws InterruptedException {
    pushed = true;
    closed = true;
    awaitEnd(clients);
    awaitEnd(workers);
  }

  private static void awaitEnd(List<Thread> threads) throws InterruptedException {
    for (Thread each : threads) {
      if (!each.join(PATIENCE)) {
        throw new AssertionError(
            each.getName() + " does not end: " + Arrays.toString(each.getStackTrace()));
      }
    }
  }

  /** The figures. */
  @Override
  public String toString() {
    List<String> left = acknowledged.stream().filter(id -> !delivered.contains(id)).toList();
    return ("%d acknowledged, %d of them not handed over (%d of those delayed), %d handed over"
            + " again, %d given back")
        .formatted(
            acknowledged.size(),
            left.size(),
            left.stream().filter(delayed::contains).count(),
            deliveries.get() - delivered.size(),
            requeues.get());
  }
}

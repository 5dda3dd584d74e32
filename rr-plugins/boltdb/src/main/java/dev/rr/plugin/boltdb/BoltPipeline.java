package dev.rr.plugin.boltdb;

import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineFaults;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import dev.rr.journal.Journal;
import dev.rr.plugin.boltdb.JobIndex.Slot;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Jobs in a file. A push that is answered is on the disk, and so is an outcome; whoever pushes or
 * tells one at the same time shares a sync. After a crash all jobs without an outcome wait again.
 *
 * <p>In memory are numbers only, in {@link WaitingJobs}; a job is read when it is handed over.
 */
final class BoltPipeline implements Pipeline {
  static final String DRIVER = "boltdb";

  /** The name that workers are told, upstream's. */
  private static final String QUEUE = "push";

  /** Jobs are put into one record until it has so many bytes. */
  private static final int FULL_RECORD = 1 << 20;

  /** A disk that takes longer is as good as gone. */
  private static final Duration WRITING = Duration.ofSeconds(30);

  /** Before a job comes again whose outcome could not be written. */
  private static final Duration NOT_WRITTEN = Duration.ofSeconds(1);

  private final PipelineSpec spec;
  private final Journal<JobIndex> journal;
  private final WaitingJobs jobs;
  private final InstantSource clock;
  private final IndexMemory memory;
  private final LongSupplier used = this::used;
  private final JobSink sink;
  private final AtomicLong numbers = new AtomicLong();
  private final ConsumerThread consumer;
  private volatile boolean stopped;

  /**
   * A pipeline on an open file.
   *
   * @param memory what the numbers of its jobs may take, with others
   */
  BoltPipeline(
      PipelineSpec spec,
      Journal<JobIndex> journal,
      int prefetch,
      JobSink sink,
      InstantSource clock,
      IndexMemory memory) {
    this.spec = spec;
    this.journal = journal;
    this.jobs = new WaitingJobs(clock, prefetch);
    this.clock = clock;
    this.memory = memory;
    this.sink = sink;
    this.consumer = new ConsumerThread(DRIVER, spec.name(), this::consume, sink::lost);
    addAll(journal.read((index, values) -> index.all()));
    memory.add(used);
  }

  private long used() {
    return journal.read((index, values) -> index.size() * JobIndex.JOB_BYTES);
  }

  private void addAll(Map<Long, Slot> found) {
    found.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
        .forEach(entry -> {
          Slot slot = entry.getValue();
          jobs.add(entry.getKey(), slot.due(), slot.priority());
          numbers.set(entry.getKey());
        });
  }

  // ---- in --------------------------------------------------------------------------------------

  @Override
  public void push(List<Job> pushed, Deadline deadline) throws Exception {
    refuseStopped();
    if (memory.isFull(pushed.size() * JobIndex.JOB_BYTES)) {
      throw new IOException(memory.refusal());
    }
    JobRecords record = new JobRecords();
    List<Long> inRecord = new ArrayList<>();
    for (Job job : pushed) {
      long number = numbers.incrementAndGet();
      record.waits(number, due(job.options().delay()), job);
      inRecord.add(number);
      if (record.size() >= FULL_RECORD) {
        write(record, inRecord, deadline);
        record = new JobRecords();
        inRecord = new ArrayList<>();
      }
    }
    if (!inRecord.isEmpty()) {
      write(record, inRecord, deadline);
    }
  }

  /** What is on the disk waits, also when nobody waits for it to get there any more. */
  private void write(JobRecords record, List<Long> written, Deadline deadline)
      throws IOException, InterruptedException {
    // What is not written is its pusher's still.
    journal.await(submit(record, () -> written.forEach(this::addWritten), () -> {}), deadline);
  }

  /** Who waits for this may give up before it is known whether it was written. */
  private CompletableFuture<Void> submit(JobRecords record, Runnable written, Runnable notWritten) {
    return journal
        .submit(record.record())
        .whenComplete((done, fault) -> {
          if (fault == null) {
            written.run();
          } else if (isBroken()) {
            sink.lost(fault);
          } else {
            notWritten.run();
          }
        });
  }

  /** Whether nothing will ever be written again; that is refused before anything is tried. */
  private boolean isBroken() {
    return !stopped && journal.submit(new byte[0]).isCompletedExceptionally();
  }

  private void addWritten(long number) {
    Slot slot = journal.read((index, values) -> index.find(number));
    if (slot != null) {
      jobs.add(number, slot.due(), slot.priority());
    }
  }

  private long due(Duration delay) {
    return delay.isZero() ? 0 : clock.millis() + delay.toMillis();
  }

  private void refuseStopped() {
    if (stopped) {
      throw PipelineFaults.stopped();
    }
  }

  // ---- on --------------------------------------------------------------------------------------

  private void consume() throws InterruptedException {
    while (true) {
      long number = jobs.take();
      Taken next = taken(number);
      try {
        sink.add(next);
      } catch (InterruptedException e) {
        next.again();
        throw e;
      }
    }
  }

  private Taken taken(long number) {
    return journal.read((index, values) -> {
      Slot slot = index.find(number);
      if (slot == null) {
        throw new IllegalArgumentException("job " + number + " is gone and was not taken");
      }
      Job job = JobRecords.decode(values.read(slot.at(), slot.length()));
      return new Taken(number, job);
    });
  }

  // ---- its life --------------------------------------------------------------------------------

  @Override
  public void resume(Deadline deadline) {
    refuseStopped();
    consumer.resume();
  }

  @Override
  public void pause(Deadline deadline) throws Exception {
    consumer.pause(deadline);
  }

  @Override
  public PipelineState state(Deadline deadline) {
    // In this order: one that becomes due meanwhile is counted twice, not left out.
    int delayed = jobs.delayed();
    return new PipelineState(
        spec.name(),
        DRIVER,
        QUEUE,
        jobs.active(),
        delayed,
        0,
        consumer.active(),
        spec.priority(),
        "");
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    stopped = true;
    memory.remove(used);
    try {
      consumer.stop(deadline);
    } finally {
      journal.close(deadline);
    }
  }

  // ---- out -------------------------------------------------------------------------------------

  /**
   * A job that was handed over. It stays in the file as it is until it has an outcome, and waits
   * again when that cannot be written.
   */
  private final class Taken implements Delivery {
    private final long number;
    private final Job job;
    private final AtomicBoolean told = new AtomicBoolean();

    Taken(long number, Job job) {
      this.number = number;
      this.job = job;
    }

    @Override
    public Job job() {
      return job;
    }

    @Override
    public String queue() {
      return QUEUE;
    }

    /** It may be somebody else's after the first outcome, also after one that failed. */
    private void tellOnce() {
      refuseStopped();
      if (!told.compareAndSet(false, true)) {
        throw PipelineFaults.settled();
      }
    }

    @Override
    public void ack() throws Exception {
      tellOnce();
      JobRecords record = new JobRecords();
      record.gone(number);
      write(record, () -> jobs.remove(number));
    }

    private void write(JobRecords record, Runnable written) throws Exception {
      journal.await(submit(record, written, this::notWritten), Deadline.after(WRITING));
    }

    private void notWritten() {
      jobs.add(number, due(NOT_WRITTEN), job.options().priority());
    }

    @Override
    public void nack() {
      tellOnce();
      again();
    }

    /** As upstream, it comes again in either case. */
    @Override
    public void nack(boolean requeue, Duration delay) throws Exception {
      requeue(Map.of(), requeue ? delay : Duration.ZERO);
    }

    @Override
    public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
      tellOnce();
      if (headers.isEmpty() && delay.isZero()) {
        again();
        return;
      }
      Job changed = job.withHeaders(headers).withOptions(job.options().withDelay(delay));
      JobRecords record = new JobRecords();
      record.waits(number, due(delay), changed);
      write(record, () -> addWritten(number));
    }

    /** Waits again as it stands in the file. */
    void again() {
      jobs.add(number, 0, job.options().priority());
    }
  }
}

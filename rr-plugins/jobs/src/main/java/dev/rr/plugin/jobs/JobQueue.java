package dev.rr.plugin.jobs;

import dev.rr.plugin.jobs.QueuedJob.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived from all pipelines and waits for a worker: of the lowest priority first; of one
 * priority the pipelines by turns, so that a long queue of one does not hold up the others; of one
 * pipeline in order. Bounded in number and in bytes over all pools. Any thread; the lock is held
 * for a few instructions.
 *
 * <p>A pipeline of which nothing waits may always add one job. So an urgent job finds its way in
 * when a less urgent pipeline has filled the queue, and one larger than all of it is worked on.
 */
final class JobQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final long mostJobs;
  private final long mostBytes;
  private final Map<String, Line> lines = new HashMap<>();
  private long jobs;
  private long bytes;
  private int waiting;
  private boolean closed;

  /** The jobs of one pool. */
  private static final class Line {
    final TreeMap<Long, Level> levels = new TreeMap<>();
    // Kept, as most jobs have the same priority, and a queue is empty most of the time.
    @Nullable Level spare;
    int size;
  }

  /** The jobs of one priority. */
  private static final class Level {
    final long priority;
    final ArrayDeque<Lane> turns = new ArrayDeque<>();
    final Map<Source, Lane> lanes = new IdentityHashMap<>();

    Level(long priority) {
      this.priority = priority;
    }
  }

  /** The jobs of one pipeline and priority, in order. */
  private static final class Lane {
    final Source source;
    @Nullable QueuedJob head;
    @Nullable QueuedJob tail;

    Lane(Source source) {
      this.source = source;
    }
  }

  /**
   * An empty queue.
   *
   * @param mostJobs how many may wait
   * @param mostBytes how many bytes they may have together
   */
  JobQueue(long mostJobs, long mostBytes) {
    this.mostJobs = mostJobs;
    this.mostBytes = mostBytes;
  }

  /** Adds a job if there is room, and its source is open. */
  boolean offer(QueuedJob job) {
    lock.lock();
    try {
      if (closed || job.source.closed || !hasRoom(job)) {
        return false;
      }
      append(job);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds a job as soon as there is room.
   *
   * @throws InterruptedException when the thread is interrupted, or the job's source is closed
   */
  void add(QueuedJob job) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      waiting++;
      try {
        while (!closed && !job.source.closed && !hasRoom(job)) {
          room.await();
        }
      } finally {
        waiting--;
      }
      if (closed || job.source.closed) {
        throw new InterruptedException("the pipeline is being stopped");
      }
      append(job);
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom(QueuedJob job) {
    return job.source.queued == 0 || jobs < mostJobs && bytes + job.size <= mostBytes;
  }

  private void append(QueuedJob job) {
    Lane lane = lane(job);
    QueuedJob last = lane.tail;
    if (last == null) {
      lane.head = job;
    } else {
      last.next = job;
    }
    lane.tail = job;
    count(job, 1);
  }

  /**
   * Puts a job back before all others of its pipeline, whether or not there is room; false when its
   * source is closed.
   */
  boolean putBack(QueuedJob job) {
    lock.lock();
    try {
      if (job.source.closed) {
        return false;
      }
      Lane lane = lane(job);
      job.next = lane.head;
      lane.head = job;
      if (lane.tail == null) {
        lane.tail = job;
      }
      count(job, 1);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The next job of a pool; null when none waits. */
  @Nullable QueuedJob poll(String pool) {
    lock.lock();
    try {
      Line line = lines.get(pool);
      Map.Entry<Long, Level> first = line == null ? null : line.levels.firstEntry();
      return line == null || first == null ? null : next(line, first.getValue());
    } finally {
      lock.unlock();
    }
  }

  /** Whether no job waits for a pool. */
  boolean isEmpty(String pool) {
    lock.lock();
    try {
      Line line = lines.get(pool);
      return line == null || line.size == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Removes what a source has added, and lets go whoever waits to add more. */
  List<QueuedJob> close(Source source) {
    lock.lock();
    try {
      source.closed = true;
      List<QueuedJob> removed = new ArrayList<>(source.queued);
      for (Line line : lines.values()) {
        for (Level level : line.levels.values().toArray(Level[]::new)) {
          remove(line, level, source, removed);
        }
        if (line.spare != null) {
          line.spare.lanes.remove(source);
        }
      }
      room.signalAll();
      return removed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more; what waits stays until its source is closed. */
  void close() {
    lock.lock();
    try {
      closed = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many wait. */
  long size() {
    lock.lock();
    try {
      return jobs;
    } finally {
      lock.unlock();
    }
  }

  // Under the lock, as all below.
  private Lane lane(QueuedJob job) {
    Line line = lines.computeIfAbsent(job.pool, pool -> new Line());
    Level level = line.levels.get(job.priority);
    if (level == null) {
      Level spare = line.spare;
      level = spare != null && spare.priority == job.priority ? spare : new Level(job.priority);
      line.levels.put(job.priority, level);
    }
    Lane lane = level.lanes.computeIfAbsent(job.source, Lane::new);
    if (lane.head == null) {
      level.turns.add(lane);
    }
    return lane;
  }

  private QueuedJob next(Line line, Level level) {
    Lane lane = level.turns.remove();
    QueuedJob job = lane.head;
    if (job == null) {
      throw new IllegalStateException("an empty lane has no turn");
    }
    lane.head = job.next;
    job.next = null;
    if (lane.head == null) {
      lane.tail = null;
    } else {
      level.turns.add(lane);
    }
    removeIfEmpty(line, level);
    count(job, -1);
    if (waiting > 0) {
      room.signalAll();
    }
    return job;
  }

  private void remove(Line line, Level level, Source source, List<QueuedJob> removed) {
    Lane lane = level.lanes.remove(source);
    if (lane == null) {
      return;
    }
    level.turns.remove(lane);
    for (QueuedJob job = lane.head; job != null; job = job.next) {
      count(job, -1);
      removed.add(job);
    }
    removeIfEmpty(line, level);
  }

  private static void removeIfEmpty(Line line, Level level) {
    if (level.turns.isEmpty()) {
      line.levels.remove(level.priority);
      line.spare = level;
    }
  }

  private void count(QueuedJob job, int change) {
    Line line = lines.get(job.pool);
    if (line != null) {
      line.size += change;
    }
    job.source.queued += change;
    jobs += change;
    bytes += change * job.size;
  }
}

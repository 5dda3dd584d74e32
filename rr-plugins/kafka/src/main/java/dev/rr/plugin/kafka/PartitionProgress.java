package dev.rr.plugin.kafka;

import java.io.IOException;
import java.util.LinkedHashSet;
import org.apache.kafka.common.TopicPartition;

/**
 * Which jobs of a partition are not finished, as long as the partition is this consumer's. What may
 * be committed is the offset of the first of them. Any thread.
 */
final class PartitionProgress {
  /** Behind the first unfinished job, after which no more are read. */
  private static final long WINDOW = 100_000;

  private final TopicPartition partition;
  // In the order of their offsets, of which some may be missing.
  private final LinkedHashSet<Long> unfinished = new LinkedHashSet<>();
  private long end = -1;
  private long committed = -1;
  private boolean gone;

  PartitionProgress(TopicPartition partition) {
    this.partition = partition;
  }

  synchronized void read(long offset) {
    unfinished.add(offset);
    end = offset + 1;
  }

  /**
   * The job is done with.
   *
   * @throws IOException when the partition is another's, who gets the job again
   */
  synchronized void finish(long offset) throws IOException {
    checkOwn();
    unfinished.remove(offset);
  }

  synchronized void checkOwn() throws IOException {
    if (gone) {
      throw new IOException(
          "partition " + partition + " went to another consumer, which gets the job again");
    }
  }

  synchronized boolean isGone() {
    return gone;
  }

  synchronized void isGoneNow() {
    gone = true;
  }

  /** Whether too much would come again after a crash. */
  synchronized boolean isFull() {
    return end - position() >= WINDOW;
  }

  /** Where reading goes on after a crash; -1 when nothing was read. */
  private synchronized long position() {
    return unfinished.isEmpty() ? end : unfinished.getFirst();
  }

  /** What is to be committed; -1 when nothing is. */
  synchronized long uncommitted() {
    long position = position();
    return position == committed ? -1 : position;
  }

  synchronized void committed(long position) {
    committed = position;
  }
}

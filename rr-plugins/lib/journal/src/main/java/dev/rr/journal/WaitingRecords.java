package dev.rr.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Records on their way to the disk, in their order. Any thread adds, one takes. */
final class WaitingRecords {
  /** Is nobody's, and wakes who takes. */
  private static final Ticket WAKE = new Ticket(new byte[0]);

  private final LinkedBlockingQueue<Ticket> queue = new LinkedBlockingQueue<>();

  /** A record, and who waits for it. */
  static final class Ticket extends CompletableFuture<Void> {
    final byte[] record;

    Ticket(byte[] record) {
      this.record = record;
    }
  }

  void add(Ticket ticket) {
    queue.add(ticket);
  }

  /** False when it was taken already. */
  boolean remove(Ticket ticket) {
    return queue.remove(ticket);
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Ends a {@link #take} that waits. */
  void wake() {
    queue.add(WAKE);
  }

  /** What one frame may have of that which waits; waits for the first. None when none comes. */
  List<Ticket> take(long nanos) throws InterruptedException {
    List<Ticket> group = new ArrayList<>();
    long bytes = 0;
    Ticket next = queue.poll(nanos, TimeUnit.NANOSECONDS);
    while (next != null && next != WAKE) {
      group.add(next);
      bytes += JournalFile.RECORD_HEAD + next.record.length;
      next = bytes < JournalFile.FULL_FRAME ? queue.poll() : null;
    }
    return group;
  }

  /** Tells all who wait that it will not come to anything. */
  void refuse(IOException why) {
    for (Ticket left = queue.poll(); left != null; left = queue.poll()) {
      left.completeExceptionally(why);
    }
  }
}

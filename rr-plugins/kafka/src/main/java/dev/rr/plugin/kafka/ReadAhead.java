package dev.rr.plugin.kafka;

import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Jobs that were read and not handed over, and those that wait for a moment to come. The bound is
 * for whoever reads to keep: what was read has a place. Any thread.
 */
final class ReadAhead {
  private static final int MOST_JOBS = 1_000;
  private static final long MOST_BYTES = 16L << 20;

  private final LinkedBlockingDeque<KafkaDelivery> waiting = new LinkedBlockingDeque<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final Runnable hasRoom;
  private volatile boolean full;

  /**
   * An empty one.
   *
   * @param hasRoom is called when half of it is free again
   */
  ReadAhead(Runnable hasRoom) {
    this.hasRoom = hasRoom;
  }

  void add(KafkaDelivery delivery) {
    bytes.addAndGet(delivery.job().size());
    waiting.addLast(delivery);
  }

  /** Waits for the next; it counts until it is {@link #gone}. */
  KafkaDelivery take() throws InterruptedException {
    return waiting.takeFirst();
  }

  void putBack(KafkaDelivery delivery) {
    waiting.addFirst(delivery);
  }

  void gone(KafkaDelivery delivery) {
    bytes.addAndGet(-delivery.job().size());
    tellRoom();
  }

  /** It waits elsewhere for its moment. */
  void hold(KafkaDelivery delivery) {
    bytes.addAndGet(delivery.job().size());
    held.incrementAndGet();
  }

  void release(KafkaDelivery delivery) {
    held.decrementAndGet();
    bytes.addAndGet(-delivery.job().size());
    tellRoom();
  }

  long held() {
    return held.get();
  }

  private void tellRoom() {
    if (full && !isAbove(2)) {
      hasRoom.run();
    }
  }

  /** Whether nothing more is to be read; once full, until half of it is free. */
  boolean isFull() {
    full = isAbove(full ? 2 : 1);
    return full;
  }

  private boolean isAbove(int part) {
    return waiting.size() >= MOST_JOBS / part || bytes.get() >= MOST_BYTES / part;
  }
}

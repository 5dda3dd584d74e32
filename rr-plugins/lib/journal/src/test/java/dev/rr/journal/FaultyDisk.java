package dev.rr.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A disk that fails where it is told to, and is quick about syncs. */
final class FaultyDisk implements Disk {
  /** How many syncs of a copy fail from now on, behind that of its head. */
  final AtomicInteger copySyncs = new AtomicInteger();

  /** How many mappings fail from now on. */
  final AtomicInteger mappings = new AtomicInteger();

  /** What a sync waits for, whatever interrupts it. */
  volatile CountDownLatch blocked = new CountDownLatch(0);

  @Override
  public void force(Path file, FileChannel channel) throws IOException {
    while (blocked.getCount() > 0) {
      LockSupport.parkNanos(1_000_000);
    }
    boolean head = channel.size() <= FileHead.SIZE;
    if (file.toString().endsWith(".compact") && !head && take(copySyncs)) {
      throw new IOException("no space left for the copy");
    }
    // The machine of a test does not lose its power.
  }

  @Override
  public MemorySegment map(FileChannel channel, long size, Arena arena) throws IOException {
    if (take(mappings)) {
      throw new IOException("Map failed");
    }
    return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
  }

  private static boolean take(AtomicInteger left) {
    return left.getAndUpdate(now -> Math.max(0, now - 1)) > 0;
  }
}

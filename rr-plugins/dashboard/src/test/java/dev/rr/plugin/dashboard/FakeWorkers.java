package dev.rr.plugin.dashboard;

import dev.rr.api.worker.Resetter;
import dev.rr.api.worker.WorkerManager;
import dev.rr.api.worker.WorkerSnapshot;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Workers that are numbers only. Any thread. */
final class FakeWorkers implements WorkerManager, Resetter {
  /** What was asked of them: {@code add}, {@code remove}, {@code reset}. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  volatile List<WorkerSnapshot> workers;
  volatile int queued;
  volatile String fault = "";
  volatile CountDownLatch gate = new CountDownLatch(0);

  /** So many, every fourth of which works. */
  FakeWorkers(int count) {
    workers = workers(count, 1_000);
  }

  static List<WorkerSnapshot> workers(int count, int firstPid) {
    WorkerSnapshot[] all = new WorkerSnapshot[count];
    long created = System.currentTimeMillis() * 1_000_000;
    for (int i = 0; i < count; i++) {
      boolean working = i % 4 == 3;
      long memory = (20L + i * 7 % 30) << 20;
      all[i] =
          new WorkerSnapshot(
              firstPid + i,
              working ? 2 : 1,
              100 + i,
              created,
              memory,
              1.25,
              "",
              working ? "working" : "ready");
    }
    return List.of(all);
  }

  @Override
  public List<WorkerSnapshot> workers() {
    return workers;
  }

  @Override
  public int queued() {
    return queued;
  }

  @Override
  public void addWorker() {
    asked.add("add");
  }

  @Override
  public void removeWorker() {
    asked.add("remove");
  }

  @Override
  public void reset() throws InterruptedException {
    asked.add("reset");
    if (!gate.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody opened the gate");
    }
    if (!fault.isEmpty()) {
      throw new IllegalStateException(fault);
    }
  }
}

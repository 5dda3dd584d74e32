package com.example;

import com.example.Losses.Kill;
import com.example.Losses.Loss;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What happened. Any thread. */
final class Outcomes {
  private static final int ENOUGH = 20;

  private final CopyOnWriteArrayList<Loss> losses = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<Kill> kills = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<String> faults = new CopyOnWriteArrayList<>();
  private final ConcurrentHashMap<String, LongAdder> counts = new ConcurrentHashMap<>();

  void count(String what) {
    counts.computeIfAbsent(what, w -> new LongAdder()).increment();
  }

  long counted(String what) {
    LongAdder count = counts.get(what);
    return count == null ? 0 : count.sum();
  }

  void lost(Loss loss) {
    losses.add(loss);
  }

  void killed(Kill kill) {
    kills.add(kill);
  }

  /** Something that no kill can account for. The first are kept. */
  void fault(String what) {
    if (faults.size() < ENOUGH) {
      faults.add(what);
    }
  }

  List<Loss> losses() {
    return losses;
  }

  List<Kill> kills() {
    return kills;
  }

  List<String> faults() {
    return faults;
  }

  @Override
  public String toString() {
    return counts + ", kills=" + kills.size() + ", lost to them=" + losses.size();
  }
}

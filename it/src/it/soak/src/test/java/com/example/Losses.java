package com.example;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which lost requests killed workers account for. Times are {@link System#nanoTime()}'s. */
final class Losses {
  private Losses() {}

  /** A request that got no proper answer, from its first byte to its failure. */
  record Loss(long from, long to, String what) {}

  /** From the signal until the worker was gone. One kill follows the other. */
  record Kill(long from, long to) {}

  /**
   * The losses that no kill accounts for. A worker executes one request at a time, so a kill
   * accounts for one at most: of those under way at its time for the one that failed first.
   */
  static List<Loss> unexplained(List<Loss> losses, List<Kill> kills) {
    List<Loss> left = new ArrayList<>(losses);
    for (Kill kill : kills) {
      left.stream()
          .filter(loss -> loss.from() - kill.to() <= 0 && kill.from() - loss.to() <= 0)
          .min(Comparator.comparingLong(Loss::to))
          .ifPresent(left::remove);
    }
    return left;
  }
}

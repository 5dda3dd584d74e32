package dev.rr.plugin.dashboard;

/** How fast something grows that is looked at from time to time. One thread. */
final class Rate {
  /** Of two looks closer than this the second says nothing new. */
  private static final long SHORTEST_NANOS = 500_000_000;

  private double before;
  private long at;
  private boolean looked;
  private double rate;

  /** Looks once more at the total. */
  void look(double total, long nanos) {
    if (looked && nanos - at < SHORTEST_NANOS) {
      return;
    }
    rate = looked ? Math.max(0, total - before) * 1e9 / (nanos - at) : 0;
    before = total;
    at = nanos;
    looked = true;
  }

  /** Growth a second between the last two looks; 0 before the second. */
  double perSecond() {
    return rate;
  }
}

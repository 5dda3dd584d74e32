import java.util.Arrays;

/** How long answers took. For the loads of this folder, beside which Java finds it; one thread. */
final class Latencies {
  /** By microseconds; the last is for all that took longer. */
  private final long[] counts = new long[1_000_000];

  private long answers;

  /** One came of what was sent then, by {@link System#nanoTime}. */
  void add(long sentAt) {
    answers++;
    counts[(int) Math.min((System.nanoTime() - sentAt) / 1_000, counts.length - 1)]++;
  }

  /** How many came. */
  long answers() {
    return answers;
  }

  /** Forgets them. */
  void clear() {
    answers = 0;
    Arrays.fill(counts, 0);
  }

  /** The microseconds that so many of a hundred took at most. */
  int percentile(int percent) {
    long left = answers * percent / 100;
    int micros = 0;
    while (micros < counts.length - 1 && left > counts[micros]) {
      left -= counts[micros++];
    }
    return micros;
  }
}

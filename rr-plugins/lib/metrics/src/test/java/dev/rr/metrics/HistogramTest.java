package dev.rr.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rr.testing.plugin.Scrape;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private final Histogram histogram = new Histogram("waits_seconds", "Waits.", .5, 1, 2);

  @Test
  void putsAnObservationOnABoundIntoTheBucketBelowIt() {
    List.of(.4, .5, .6, 1.0, 2.1).forEach(histogram::observe);
    histogram.observeNanos(TimeUnit.MILLISECONDS.toNanos(1500));

    Scrape scrape = new Scrape();
    assertThat(histogram.collect(scrape, "who", "me")).isEqualTo(6);
    Scrape.Distribution seen = scrape.distribution("waits_seconds{who=\"me\"}");
    assertThat(seen.bounds()).containsExactly(.5, 1.0, 2.0);
    assertThat(seen.counts()).containsExactly(2L, 2L, 1L, 1L);
    assertThat(seen.sum()).isCloseTo(6.1, within(1e-9));
    assertThat(scrape.descriptions()).containsExactly("histogram waits_seconds: Waits.");
  }

  @Test
  void countsFromManyThreads() throws InterruptedException {
    Counter counter = new Counter("things_total", "Things.");
    Runnable work =
        () -> {
          for (int i = 0; i < 1000; i++) {
            counter.increment();
            histogram.observe(3);
          }
        };
    List<Thread> threads = List.of(Thread.ofVirtual().start(work), Thread.ofVirtual().start(work));
    for (Thread thread : threads) {
      thread.join();
    }
    counter.add(5);

    Scrape scrape = new Scrape();
    counter.collect(scrape);
    assertThat(scrape.values()).containsExactly(Map.entry("things_total", 2005.0));
    assertThat(histogram.collect(scrape)).isEqualTo(2000);
  }
}

package dev.rr.api.metrics;

import dev.rr.annotation.Contract;

/** A plugin with metrics. */
@Contract
public interface MetricsSource {
  /** Hands over every metric as it is now. Called at each scrape, on any thread; must not block. */
  void collect(MetricsSink sink);
}

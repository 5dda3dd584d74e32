package dev.rr.plugin.rpc;

import dev.rr.api.metrics.MetricsSink;
import dev.rr.metrics.Counter;

/** Calls that were answered, since the start. Any thread. */
final class CallCounts {
  private final Counter calls = new Counter("rr_rpc_calls_total", "Calls that were answered.");
  private final Counter errors =
      new Counter("rr_rpc_errors_total", "Calls that were answered with an error.");

  void answered(boolean error) {
    calls.increment();
    if (error) {
      errors.increment();
    }
  }

  void collect(MetricsSink sink) {
    calls.collect(sink);
    errors.collect(sink);
  }
}

package dev.rr.plugin.dashboard;

import dev.rr.api.health.HealthCheck;
import dev.rr.api.jobs.PipelineReporter;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.worker.Resetter;
import dev.rr.api.worker.WorkerManager;
import java.util.Map;
import java.util.TreeMap;

/**
 * What plugins offer to be shown, by plugin. Filled before anything starts, read by any thread
 * after.
 */
record Collected(
    Map<String, WorkerManager> managers,
    Map<String, Resetter> resetters,
    Map<String, PipelineReporter> reporters,
    Map<String, MetricsSource> sources,
    Map<String, HealthCheck> checks) {
  Collected() {
    this(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
  }
}

package dev.rr.plugin.dashboard;

import dev.rr.api.jobs.PipelineReporter;
import dev.rr.api.jobs.PipelineState;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How job pipelines are.
 *
 * @param present whether any plugin has pipelines
 * @param fault why some of them cannot be told; else empty
 */
record Pipelines(boolean present, String fault, List<PipelineState> all) {
  /** Before anybody was asked. */
  static Pipelines none(Map<String, PipelineReporter> reporters) {
    return new Pipelines(!reporters.isEmpty(), "", List.of());
  }

  /** Asks, and waits for the brokers. */
  static Pipelines ask(Map<String, PipelineReporter> reporters) {
    Pipelines told = none(reporters);
    for (Map.Entry<String, PipelineReporter> reporter : reporters.entrySet()) {
      try {
        told = told.and("", reporter.getValue().pipelines());
      } catch (Exception e) {
        told = told.and(reporter.getKey() + ": " + e.getMessage(), List.of());
      }
    }
    return told;
  }

  private Pipelines and(String wrong, List<PipelineState> more) {
    return new Pipelines(
        present,
        wrong.isEmpty() ? fault : wrong,
        Stream.concat(all.stream(), more.stream()).toList());
  }

  /** As the page takes it. */
  Map<String, Object> json() {
    return Map.of(
        "present", present, "fault", fault, "all", all.stream().map(Pipelines::json).toList());
  }

  private static Map<String, Object> json(PipelineState state) {
    return Map.of(
        "name", state.pipeline(),
        "driver", state.driver(),
        "active", state.active(),
        "delayed", state.delayed(),
        "reserved", state.reserved(),
        "ready", state.ready(),
        "priority", state.priority(),
        "error", state.errorMessage());
  }
}

package dev.rr.plugin.dashboard;

import dev.rr.api.jobs.PipelineReporter;
import dev.rr.api.jobs.PipelineState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How job pipelines were when they could last be asked. Brokers may take their time: they are asked
 * beside, one question at a time. One thread but for what is said so.
 */
final class Pipelines {
  private static final long PERIOD_NANOS = 5_000_000_000L;

  private final Map<String, PipelineReporter> reporters;
  private volatile List<PipelineState> last = List.of();
  private volatile String fault = "";
  private @Nullable Thread asking;
  private long asked;
  private boolean any;

  Pipelines(Map<String, PipelineReporter> reporters) {
    this.reporters = reporters;
  }

  /** Asks again, unless it is too early or the last question is still open. */
  void refresh(long nanos) {
    boolean open = asking != null && asking.isAlive();
    if (reporters.isEmpty() || open || any && nanos - asked < PERIOD_NANOS) {
      return;
    }
    any = true;
    asked = nanos;
    asking = Thread.ofVirtual().name("dashboard-pipelines").start(this::ask);
  }

  private void ask() {
    List<PipelineState> all = new ArrayList<>();
    String wrong = "";
    for (Map.Entry<String, PipelineReporter> reporter : reporters.entrySet()) {
      try {
        all.addAll(reporter.getValue().pipelines());
      } catch (Exception e) {
        wrong = reporter.getKey() + ": " + e.getMessage();
      }
    }
    last = List.copyOf(all);
    fault = wrong;
  }

  /** As the page takes it. Any thread. */
  Map<String, Object> json() {
    return Map.of(
        "present", !reporters.isEmpty(),
        "fault", fault,
        "all", last.stream().map(Pipelines::json).toList());
  }

  private static Map<String, Object> json(PipelineState state) {
    return Map.of(
        "name", state.pipeline(),
        "driver", state.driver(),
        "queue", state.queue(),
        "active", state.active(),
        "delayed", state.delayed(),
        "reserved", state.reserved(),
        "ready", state.ready(),
        "priority", state.priority(),
        "error", state.errorMessage());
  }

  /** Waits for nobody any more. */
  void stop() {
    if (asking != null) {
      asking.interrupt();
    }
  }
}

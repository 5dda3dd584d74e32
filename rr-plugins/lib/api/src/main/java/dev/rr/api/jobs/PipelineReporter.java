package dev.rr.api.jobs;

import dev.rr.annotation.Contract;
import java.util.List;

/** A plugin that runs job pipelines and can tell how they are. Any thread. */
@Contract
public interface PipelineReporter {
  /**
   * The pipelines as they are now; empty before the plugin has started.
   *
   * @throws Exception when a broker cannot be asked
   */
  List<PipelineState> pipelines() throws Exception;
}

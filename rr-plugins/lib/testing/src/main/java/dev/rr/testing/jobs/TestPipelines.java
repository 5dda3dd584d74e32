package dev.rr.testing.jobs;

import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.JobsDriver;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.plugin.Lifecycle;
import java.util.ArrayList;
import java.util.List;

/** A driver as the plugin {@code jobs} uses it, and the pipelines that a test opens. One thread. */
public final class TestPipelines implements AutoCloseable {
  private final JobsDriver driver;
  private final List<Pipeline> open = new ArrayList<>();

  /** None yet. */
  public TestPipelines(JobsDriver driver) {
    this.driver = driver;
  }

  /** Opens one, which does not consume. */
  public Pipeline open(PipelineSpec spec, JobSink sink) throws Exception {
    driver.check(spec);
    Pipeline pipeline = driver.open(spec, sink);
    open.add(pipeline);
    return pipeline;
  }

  /** Stops all of them, and the plugin. */
  @Override
  public void close() throws Exception {
    for (Pipeline pipeline : open) {
      pipeline.stop(TestJobs.soon());
    }
    if (driver instanceof Lifecycle plugin) {
      plugin.stop(TestJobs.soon());
    }
  }
}

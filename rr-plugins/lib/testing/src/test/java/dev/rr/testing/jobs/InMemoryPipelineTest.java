package dev.rr.testing.jobs;

import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;

/** The suite itself, on the smallest pipeline that passes it. */
class InMemoryPipelineTest extends JobsDriverContract {
  @Override
  protected Pipeline open(JobSink sink) {
    return new InMemoryPipeline("test", 10, sink);
  }
}

package dev.rr.plugin.nats;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.JobsDriver;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Lifecycle;

/** The driver {@code nats}: keeps jobs in streams of NATS. */
@Plugin(value = "nats", weight = 99)
@EnabledBy("nats")
final class NatsPlugin implements JobsDriver, Lifecycle {
  private final Binder<StreamKeys> pipelines;
  private final Log log;
  private final NatsServer server;

  NatsPlugin(NatsConfig config, Binder<StreamKeys> pipelines, Loggers loggers) {
    this.pipelines = pipelines;
    this.log = loggers.named("nats");
    this.server = new NatsServer(config.servers(), log);
  }

  @Override
  public void check(PipelineSpec spec) {
    var _ = spec.config().bind(pipelines);
  }

  @Override
  public Pipeline open(PipelineSpec spec, JobSink sink) throws Exception {
    NatsPipeline pipeline =
        new NatsPipeline(spec, spec.config().bind(pipelines), server, sink, log);
    pipeline.open();
    return pipeline;
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    server.close(deadline.remaining());
  }
}

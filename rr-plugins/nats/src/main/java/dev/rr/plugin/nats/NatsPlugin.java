package dev.rr.plugin.nats;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
import dev.rr.api.health.RemoteServer;
import dev.rr.api.health.RemoteServers;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.JobsDriver;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Lifecycle;
import java.util.List;

/** The driver {@code nats}: keeps jobs in streams of NATS. */
@Plugin(value = "nats", weight = 99)
@EnabledBy("nats")
final class NatsPlugin implements JobsDriver, Lifecycle, RemoteServers {
  private final Binder<StreamKeys> pipelines;
  private final Log log;
  private final NatsConfig config;
  private final NatsServer server;

  NatsPlugin(NatsConfig config, Binder<StreamKeys> pipelines, Loggers loggers) {
    this.config = config;
    this.pipelines = pipelines;
    this.log = loggers.named("nats");
    this.server = new NatsServer(config.servers(), log);
  }

  @Override
  public void check(PipelineSpec spec) {
    var _ = spec.config().bind(pipelines);
  }

  @Override
  public List<RemoteServer> remoteServers() {
    return config.addresses().stream()
        .map(uri ->
            RemoteServer.of(
                "nats.addr", uri.getHost(), uri.getPort() < 0 ? NatsConfig.PORT : uri.getPort()))
        .toList();
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

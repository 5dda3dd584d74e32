package dev.rr.plugin.sqs;

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

/** The driver {@code sqs}: keeps jobs in queues of Amazon SQS, and of what speaks as it does. */
@Plugin(value = "sqs", weight = 99)
@EnabledBy(
    value = {"sqs", "jobs"},
    any = true)
final class SqsPlugin implements JobsDriver, Lifecycle, RemoteServers {
  private final Binder<QueueKeys> pipelines;
  private final Log log;
  private final SqsConfig config;
  private final SqsServer server;

  SqsPlugin(SqsConfig config, Binder<QueueKeys> pipelines, Loggers loggers) {
    this.config = config;
    this.pipelines = pipelines;
    this.log = loggers.named("sqs");
    this.server = new SqsServer(config, log);
  }

  @Override
  public void check(PipelineSpec spec) {
    var _ = spec.config().bind(pipelines);
  }

  @Override
  public List<RemoteServer> remoteServers() {
    return config
        .uri()
        .map(uri ->
            RemoteServer.of(
                "sqs.endpoint",
                uri.getHost(),
                uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80))
        .stream()
        .toList();
  }

  @Override
  public Pipeline open(PipelineSpec spec, JobSink sink) throws Exception {
    SqsPipeline pipeline = new SqsPipeline(spec, spec.config().bind(pipelines), server, sink, log);
    pipeline.open();
    return pipeline;
  }

  @Override
  public void stop(Deadline deadline) {
    server.close();
  }
}

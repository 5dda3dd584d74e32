package dev.rr.plugin.nsq;

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
import java.util.List;
import java.util.stream.Stream;

/** The driver {@code nsq}: queues jobs in topics of nsqd. */
@Plugin("nsq")
@EnabledBy("nsq")
final class NsqPlugin implements JobsDriver, RemoteServers {
  private final NsqConfig config;
  private final Binder<TopicConfig> pipelines;
  private final Log log;

  NsqPlugin(NsqConfig config, Binder<TopicConfig> pipelines, Loggers loggers) {
    this.config = config;
    this.pipelines = pipelines;
    this.log = loggers.named("nsq");
  }

  @Override
  public void check(PipelineSpec spec) {
    TopicConfig topic = spec.config().bind(pipelines);
    if (topic.topic().isEmpty()) {
      spec.config().parse(null, () -> TopicConfig.checkName(spec.name()));
    }
  }

  @Override
  public List<RemoteServer> remoteServers() {
    return Stream.concat(
            Stream.of(new RemoteServer("nsq.addr", config.address().text())),
            config.lookups().stream().map(at -> new RemoteServer("nsq.lookupd", at.text())))
        .toList();
  }

  @Override
  public Pipeline open(PipelineSpec spec, JobSink sink) throws Exception {
    NsqPipeline pipeline = new NsqPipeline(spec, spec.config().bind(pipelines), config, sink, log);
    pipeline.open();
    return pipeline;
  }
}

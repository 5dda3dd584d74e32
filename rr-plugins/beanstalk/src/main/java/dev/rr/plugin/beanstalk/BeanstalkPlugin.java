package dev.rr.plugin.beanstalk;

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
import dev.rr.api.plugin.Host;
import java.util.List;

/** The driver {@code beanstalk}: queues jobs in tubes of beanstalkd. */
@Plugin("beanstalk")
@EnabledBy("beanstalk")
final class BeanstalkPlugin implements JobsDriver, RemoteServers {
  private final BeanstalkConfig config;
  private final Binder<TubeConfig> pipelines;
  private final Host host;
  private final Log log;

  BeanstalkPlugin(
      BeanstalkConfig config, Binder<TubeConfig> pipelines, Host host, Loggers loggers) {
    this.config = config;
    this.pipelines = pipelines;
    this.host = host;
    this.log = loggers.named("beanstalk");
  }

  @Override
  public void check(PipelineSpec spec) {
    var unused = spec.config().bind(pipelines);
  }

  @Override
  public List<RemoteServer> remoteServers() {
    return List.of(new RemoteServer("beanstalk.addr", config.address().text()));
  }

  @Override
  public Pipeline open(PipelineSpec spec, JobSink sink) throws Exception {
    TubeConfig tube = spec.config().bind(pipelines);
    BeanstalkServer server =
        new BeanstalkServer(config.address(), host.workDirectory(), config.limit(), spec.name());
    BeanstalkPipeline pipeline = new BeanstalkPipeline(spec, tube, server, sink, log);
    pipeline.open();
    return pipeline;
  }
}

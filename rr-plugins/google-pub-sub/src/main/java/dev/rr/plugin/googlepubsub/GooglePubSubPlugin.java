package dev.rr.plugin.googlepubsub;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
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
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The driver {@code google_pub_sub}: keeps jobs in topics of Google Pub/Sub. */
@Plugin(value = "google_pub_sub", weight = 99)
@EnabledBy("google_pub_sub")
final class GooglePubSubPlugin implements JobsDriver, Lifecycle, RemoteServers {
  /** After which jobs of a server that was killed come again. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  private final PubSubConfig config;
  private final Binder<PubSubKeys> pipelines;
  private final Configurer configurer;
  private final Map<String, String> environment;
  private final Log log;
  // Guarded by this; made with the first pipeline.
  private @Nullable PubSubClient client;
  private boolean stopped;

  GooglePubSubPlugin(
      PubSubConfig config, Binder<PubSubKeys> pipelines, Configurer configurer, Loggers loggers) {
    this.config = config;
    this.pipelines = pipelines;
    this.configurer = configurer;
    this.environment = configurer.environment();
    this.log = loggers.named("google_pub_sub");
  }

  @Override
  public void check(Problems problems) {
    try {
      var unused = config.address(environment);
    } catch (IllegalArgumentException e) {
      configurer
          .section(PubSubConfigBinder.INSTANCE, problems)
          .problem(null, PubSubConfig.EMULATOR + " of the environment: " + e.getMessage());
    }
  }

  @Override
  public void check(PipelineSpec spec) {
    var unused = spec.config().bind(pipelines);
  }

  @Override
  public List<RemoteServer> remoteServers() {
    return List.of(new RemoteServer("google_pub_sub.endpoint", config.address(environment).text()));
  }

  @Override
  public Pipeline open(PipelineSpec spec, JobSink sink) throws Exception {
    PubSubPipeline pipeline =
        new PubSubPipeline(spec, spec.config().bind(pipelines), client(), LEASE, sink, log);
    pipeline.open();
    return pipeline;
  }

  private synchronized PubSubClient client() throws IOException {
    if (stopped) {
      throw new IllegalStateException("google_pub_sub is stopped");
    }
    PubSubClient made = client;
    if (made == null) {
      PubSubAccess access =
          config.plaintext(environment) ? PubSubAccess.plaintext() : PubSubAccess.google();
      made = new PubSubClient(config.address(environment), access, log);
      client = made;
    }
    return made;
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    PubSubClient last;
    synchronized (this) {
      stopped = true;
      last = client;
    }
    if (last != null) {
      last.close(deadline);
    }
  }
}

package dev.rr.plugin.dashboard;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.health.HealthCheck;
import dev.rr.api.jobs.PipelineReporter;
import dev.rr.api.log.Log;
import dev.rr.api.log.LogTail;
import dev.rr.api.log.Loggers;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import dev.rr.api.worker.Resetter;
import dev.rr.api.worker.WorkerManager;
import dev.rr.operator.OperatorLimits;
import dev.rr.operator.OperatorServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A page that shows the running server. */
@Plugin("dashboard")
@EnabledBy("dashboard")
final class DashboardPlugin implements Lifecycle {
  private final DashboardConfig config;
  private final Host host;
  private final Optional<LogTail> tail;
  private final Log log;
  private final Collected collected = new Collected();
  private final Viewers viewers = new Viewers();
  private @Nullable OperatorServer server;
  private @Nullable Sampler sampler;
  private Runnable leaveLog = () -> {};

  DashboardPlugin(DashboardConfig config, Host host, Loggers loggers, Optional<LogTail> tail) {
    this.config = config;
    this.host = host;
    this.tail = tail;
    this.log = loggers.named("dashboard");
  }

  @Collects
  void workers(Named plugin, WorkerManager manager) {
    collected.managers().put(plugin.id(), manager);
  }

  @Collects
  void resetter(Named plugin, Resetter resetter) {
    collected.resetters().put(plugin.id(), resetter);
  }

  @Collects
  void pipelines(Named plugin, PipelineReporter reporter) {
    collected.reporters().put(plugin.id(), reporter);
  }

  @Collects
  void metrics(Named plugin, MetricsSource source) {
    collected.sources().put(plugin.id(), source);
  }

  @Collects
  void health(Named plugin, HealthCheck check) {
    collected.checks().put(plugin.name(), check);
  }

  @Override
  public void start() throws IOException {
    LogRing ring = new LogRing();
    leaveLog = tail.map(t -> t.listen(ring)).orElse(leaveLog);
    Overview overview = new Overview(collected, host, ring);
    server =
        OperatorServer.start(
            "dashboard",
            "dashboard.address",
            config.listen(),
            new Routes(config, viewers, new Actions(collected, log), log),
            OperatorLimits.DEFAULT,
            log);
    Sampler made = new Sampler(collected, overview, viewers, log);
    sampler = made;
    made.start();
    log.info("dashboard was started", "address", "http://" + config.address() + "/");
  }

  /** Where it listens, for tests; not before the start. */
  InetSocketAddress address() {
    return Objects.requireNonNull(server).address();
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    leaveLog.run();
    if (sampler != null) {
      sampler.stop(deadline);
    }
    if (server != null) {
      server.stop(deadline);
    }
  }
}

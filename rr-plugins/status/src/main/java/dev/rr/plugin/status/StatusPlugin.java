package dev.rr.plugin.status;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.health.HealthCheck;
import dev.rr.api.jobs.PipelineReporter;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import dev.rr.api.rpc.RpcService;
import dev.rr.net.AddressForms;
import dev.rr.operator.OperatorLimits;
import dev.rr.operator.OperatorServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells watchers how the server is. Heavier than the plugins that it asks, so that it answers while
 * they start and while they finish what is under way.
 */
@Plugin(value = "status", weight = 90)
@EnabledBy("status")
final class StatusPlugin implements Lifecycle {
  private final StatusConfig config;
  private final Host host;
  private final Log log;
  private final Duration timeout;
  private final HealthChecks checks;
  private @Nullable Check<List<PipelineState>> pipelines;
  private @Nullable OperatorServer server;

  StatusPlugin(StatusConfig config, Host host, Loggers loggers) {
    this.config = config;
    this.host = host;
    this.log = loggers.named("status");
    this.timeout = config.timeout();
    this.checks = new HealthChecks(timeout, log);
  }

  /** Takes a plugin that can tell how it is. */
  @Collects
  void plugin(Named plugin, HealthCheck check) {
    checks.add(plugin.name(), check);
  }

  /** Takes the plugin with job pipelines; of several the heaviest. */
  @Collects
  void pipelines(Named plugin, PipelineReporter reporter) {
    if (pipelines == null) {
      pipelines = new Check<>(reporter::pipelines, timeout);
    }
  }

  @Offers
  RpcService rpc() {
    return new StatusRpc(checks);
  }

  @Override
  public void start() throws IOException {
    var handler = new StatusHandler(checks, pipelines, config.unavailable(), host::stopping, log);
    server =
        OperatorServer.start(
            "rr-status",
            "status.address",
            AddressForms.PORT.parse(config.address()),
            handler,
            OperatorLimits.DEFAULT,
            log);
  }

  /** Where it listens, for tests; not before the start. */
  InetSocketAddress address() {
    return Objects.requireNonNull(server).address();
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    checks.stop();
    if (pipelines != null) {
      pipelines.stop();
    }
    if (server != null) {
      server.stop(deadline);
    }
  }
}

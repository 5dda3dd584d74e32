package dev.rr.plugin.amqp;

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
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.tls.CertificateFiles;
import dev.rr.tls.ClientTls;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps jobs in RabbitMQ. */
@Plugin("amqp")
@EnabledBy("amqp")
final class AmqpPlugin implements JobsDriver, Lifecycle, RemoteServers {
  /** The client tells of each connection that ends, and of each that TLS keeps from being made. */
  private static final Logger CLIENT = Logger.getLogger("com.rabbitmq.client");

  private static final Logger SOCKETS =
      Logger.getLogger("com.rabbitmq.client.impl.SocketFrameHandler");

  private final AmqpConfig config;
  private final Binder<FlatKeys> keys;
  private final Configurer configurer;
  private final Log log;
  private final Optional<ClientTls> tls;
  private @Nullable Connector connector;

  AmqpPlugin(
      AmqpConfig config, Binder<FlatKeys> keys, Configurer configurer, Host host, Loggers loggers) {
    this.config = config;
    this.keys = keys;
    this.configurer = configurer;
    this.log = loggers.named("amqp");
    this.tls =
        config
            .tls()
            .map(files ->
                new ClientTls(
                    new CertificateFiles(
                        "amqp.tls", files.cert(), files.key(), host.workDirectory()),
                    files.rootCa()));
  }

  @Override
  public void check(Problems problems) {
    tls.ifPresent(files ->
        files.check(configurer.section(AmqpConfigBinder.INSTANCE, problems).section("tls")));
  }

  @Override
  public void check(PipelineSpec spec) {
    var unused = PipelineSetup.of(spec.config(), keys);
  }

  @Override
  public List<RemoteServer> remoteServers() {
    BrokerAddress broker = BrokerAddress.parse(config.addr());
    return List.of(RemoteServer.of("amqp.addr", broker.host(), broker.port()));
  }

  @Override
  public Pipeline open(PipelineSpec spec, JobSink sink) throws Exception {
    return AmqpPipeline.open(spec, PipelineSetup.of(spec.config(), keys), sink, connector(), log);
  }

  private synchronized Connector connector() {
    Connector made = connector;
    if (made == null) {
      CLIENT.setLevel(Level.SEVERE);
      SOCKETS.setLevel(Level.OFF);
      made = Connector.of(BrokerAddress.parse(config.addr()), tls);
      connector = made;
    }
    return made;
  }

  @Override
  public synchronized void stop(Deadline deadline) {
    if (connector != null) {
      connector = null;
      CLIENT.setLevel(null);
      SOCKETS.setLevel(null);
    }
  }
}

package dev.rr.plugin.kafka;

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

/** Keeps jobs in Kafka. */
@Plugin("kafka")
@EnabledBy("kafka")
final class KafkaPlugin implements JobsDriver, Lifecycle, RemoteServers {
  /**
   * The library tells each attempt to dial, and all of its settings; the driver tells an outage.
   */
  private static final Logger REPETITIVE = Logger.getLogger("org.apache.kafka");

  private final KafkaConfig config;
  private final Binder<PipelineKeys> keys;
  private final Configurer configurer;
  private final Log log;
  private final Optional<ClientTls> tls;

  KafkaPlugin(
      KafkaConfig config,
      Binder<PipelineKeys> keys,
      Configurer configurer,
      Host host,
      Loggers loggers) {
    this.config = config;
    this.keys = keys;
    this.configurer = configurer;
    this.log = loggers.named("kafka");
    this.tls =
        config
            .tls()
            .filter(KafkaConfig.Tls::isUsed)
            .map(files ->
                new ClientTls(
                    new CertificateFiles(
                        "kafka.tls", files.cert(), files.key(), host.workDirectory()),
                    files.rootCa()));
  }

  @Override
  public void check(Problems problems) {
    tls.ifPresent(files ->
        files.check(configurer.section(KafkaConfigBinder.INSTANCE, problems).section("tls")));
  }

  @Override
  public void check(PipelineSpec spec) {
    var unused = spec.config().bind(keys);
  }

  @Override
  public List<RemoteServer> remoteServers() {
    return config.addresses().stream()
        .map(address -> new RemoteServer("kafka.brokers", address))
        .toList();
  }

  @Override
  public Pipeline open(PipelineSpec spec, JobSink sink) throws Exception {
    REPETITIVE.setLevel(Level.SEVERE);
    Clients clients = new Clients(spec.name(), config, spec.config().bind(keys), tls);
    return KafkaPipeline.open(spec, clients, config.pingTimeout(), sink, log);
  }

  @Override
  public void stop(Deadline deadline) {
    REPETITIVE.setLevel(null);
  }
}

package dev.rr.plugin.http3;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.http.HttpChain;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.tls.Certificates;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Serves HTTP/3. */
@Plugin("http3")
@EnabledBy("http.http3")
final class Http3Plugin implements Lifecycle {
  private final Http3Config config;
  private final Configurer configurer;
  private final HttpChain chain;
  private final Log log;
  private final Http3Identity identity;
  private @Nullable Http3Listener listener;

  Http3Plugin(
      Http3Config config,
      Configurer configurer,
      HttpChain chain,
      Optional<Certificates> certificates,
      Host host,
      Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.chain = chain;
    this.log = loggers.named("http3");
    this.identity = new Http3Identity(config, configurer, certificates, host, log);
  }

  @Override
  public void check(Problems problems) {
    identity.check(configurer.section(Http3ConfigBinder.INSTANCE, problems));
  }

  @Override
  public void start() throws Exception {
    Address.Tcp address = AddressForms.DATAGRAM.parse(config.address());
    Http3Listener made = new Http3Listener(chain, log);
    listener = made;
    // The callback first, then the certificate: a renewal between the two is not missed.
    identity.onChange(made::show);
    made.show(identity.load());
    try {
      made.listen(address.resolve());
    } catch (IOException e) {
      throw address.cannotListen("http.http3.address", e);
    }
    chain.announce("h3=\":" + made.bound().getPort() + "\"; ma=86400");
    log.debug("http3 server was started", "address", address);
  }

  /** Where it listens; for tests. */
  InetSocketAddress bound() {
    Http3Listener running = listener;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running.bound();
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    if (listener != null) {
      chain.announce("");
      identity.close();
      listener.stop(deadline);
    }
  }
}

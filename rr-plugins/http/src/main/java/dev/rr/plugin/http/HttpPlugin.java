package dev.rr.plugin.http;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.http.HttpChain;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Choice;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import dev.rr.api.tls.Certificates;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Server;
import dev.rr.metrics.PoolMetrics;
import dev.rr.net.AddressForms;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Serves HTTP from PHP workers. */
@Plugin("http")
@EnabledBy("http")
final class HttpPlugin implements Lifecycle, HttpChain {
  private static final String ACME = "http.ssl.acme";

  private final HttpConfig config;
  private final Configurer configurer;
  private final Server server;
  private final Optional<Certificates> certificates;
  private final Host host;
  private final Log log;
  private final Choice<Middleware> middleware;
  private final Map<String, HttpUpgrade> upgrades = new HashMap<>();
  private final Pool pool;

  private MemoryBudget budget = MemoryBudget.ofHeap();
  private Chain chain = Chain.EMPTY;
  // Read on any thread by what other transports call.
  private volatile @Nullable HttpServer http;
  private volatile @Nullable AltServices altServices;
  private volatile @Nullable HttpHandler handler;

  HttpPlugin(
      HttpConfig config,
      Configurer configurer,
      Server server,
      Optional<Certificates> certificates,
      Host host,
      Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.server = server;
    this.certificates = certificates;
    this.host = host;
    this.log = loggers.named("http");
    this.middleware = new Choice<>(Middleware.class, "middleware", host.catalogue());
    this.pool = server.pool("http", config.pool(), Map.of("RR_MODE", "http"));
  }

  /** Its workers are listed, asked after and replaced like those of any plugin. */
  @Offers
  Pool pool() {
    return pool;
  }

  @Offers
  MetricsSource metrics() {
    return new PoolMetrics("rr_http", "HTTP", pool);
  }

  @Collects
  void middleware(Named plugin, Middleware link) {
    middleware.add(plugin.name(), link);
  }

  /** A protocol that has its own place on these ports; of two by one name the heavier stays. */
  @Collects
  void upgrade(Named plugin, HttpUpgrade protocol) {
    upgrades.putIfAbsent(plugin.name(), protocol);
  }

  @Override
  public void check(Problems problems) {
    Section section = configurer.section(HttpConfigBinder.INSTANCE, problems);
    boolean acme = configurer.has(ACME);
    checkListeners(section, acme);
    if (config.internalErrorCode() < 100) {
      section.problem(
          "internal_error_code",
          "is " + config.internalErrorCode() + "; allowed are 100 to 599, and 0 for 500");
    }
    chain = Chain.of(config, middleware, section);
    server.check(config.pool(), "http.pool", configurer, problems);
  }

  private void checkListeners(Section section, boolean acme) {
    if (config.address().isEmpty()
        && config.fcgi().address().isEmpty()
        && !TlsListener.isConfigured(config)
        && !acme) {
      section.problem(
          null,
          "unable to run http service, no method has been specified (http, https or FastCGI);"
              + " set http.address, http.fcgi.address, or http.ssl.key and http.ssl.cert for"
              + " http.ssl.address");
    }
    if (!config.address().isEmpty()) {
      check(section, "address", config.address());
    }
    if (!config.fcgi().address().isEmpty()) {
      check(section.section("fcgi"), "address", config.fcgi().address());
    }
    config.ssl().ifPresent(ssl -> TlsListener.check(ssl, acme, section.section("ssl"), host));
    if (acme) {
      checkAcme(section.section("ssl"));
    }
  }

  private void checkAcme(Section ssl) {
    host.catalogue().reading(ACME).stream()
        .filter(e -> !e.builtIn() && certificates.isEmpty())
        .forEach(e ->
            ssl.problem("acme", "is not in this binary; add " + e.coordinates() + " to the build"));
  }

  static void check(Section section, String key, String address) {
    AddressForms.LISTENER.problem(address).ifPresent(problem -> section.problem(key, problem));
  }

  @Override
  public void start() throws Exception {
    chain.tell(log);
    pool.start();
    HttpServer made = new HttpServer(config, certificates, server, host, budget, log);
    http = made;
    HttpHandler whole = chain.around(made.end(pool, upgrades));
    AltServices announcing = new AltServices(whole);
    handler = whole;
    altServices = announcing;
    made.listen(whole, announcing);
  }

  /** Has it hold no more than this; before the start, for tests. */
  void budget(MemoryBudget other) {
    budget = other;
  }

  /** Where it listens; for tests. */
  List<SocketAddress> bound() {
    HttpServer running = http;
    return running == null ? List.of() : running.bound();
  }

  @Override
  public HttpHandler handler() {
    HttpHandler whole = handler;
    if (whole == null) {
      throw new IllegalStateException("http has not started");
    }
    return whole;
  }

  @Override
  public void announce(String value) {
    AltServices announcing = altServices;
    if (announcing != null) {
      announcing.announce(value);
    }
  }

  @Override
  public boolean enter() {
    HttpServer running = http;
    return running == null || running.enter();
  }

  @Override
  public void leave() {
    HttpServer running = http;
    if (running != null) {
      running.leave();
    }
  }

  @Override
  public Limits limits() {
    HttpConfig.Timeouts timeouts = config.timeouts();
    return new Limits(timeouts.read(), timeouts.write(), timeouts.idle());
  }

  @Override
  public MemoryBudget budget() {
    return budget;
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    HttpServer running = http;
    try {
      if (running != null) {
        running.stop(deadline);
      }
    } finally {
      try {
        pool.stop(deadline);
      } finally {
        if (running != null) {
          running.close();
        }
      }
    }
  }
}

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
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Server;
import dev.rr.metrics.PoolMetrics;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import dev.rr.plugin.http.body.BodyTaker;
import dev.rr.plugin.http.body.Spool;
import dev.rr.plugin.http.body.Uploads;
import dev.rr.plugin.http.connection.Endpoint;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.fastcgi.FcgiConnection;
import dev.rr.plugin.http.http1.Http1Connection;
import dev.rr.plugin.http.http1.UpgradeHandler;
import dev.rr.plugin.http.worker.AnswerStorage;
import dev.rr.plugin.http.worker.CodecChoice;
import dev.rr.plugin.http.worker.ContextWriter;
import dev.rr.plugin.http.worker.ErrorAnswers;
import dev.rr.plugin.http.worker.PoolHandler;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Serves HTTP from PHP workers. */
@Plugin("http")
@EnabledBy("http")
final class HttpPlugin implements Lifecycle, HttpChain {
  private static final String ACME = "http.ssl.acme";
  private static final long MAX_TICK_MILLIS = 1000;
  private static final long MIN_TICK_MILLIS = 20;

  private final HttpConfig config;
  private final Configurer configurer;
  private final Server server;
  private final Optional<Certificates> certificates;
  private final Host host;
  private final Log log;
  private final Choice<Middleware> middleware;
  private final Map<String, HttpUpgrade> upgrades = new HashMap<>();
  private final Pool pool;
  private final List<SocketAddress> bound = new ArrayList<>();
  private final List<Spool> spools = new ArrayList<>();

  private MemoryBudget budget = MemoryBudget.ofHeap();
  private Chain chain = Chain.EMPTY;
  // Read on any thread by enter and leave.
  private volatile @Nullable Listeners listeners;
  private @Nullable TlsListener tls;
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

  /** Its workers are listed, counted and replaced like those of any plugin. */
  @Offers
  Pool pool() {
    return pool;
  }

  @Offers
  MetricsSource metrics() {
    return new PoolMetrics("rr_http", pool);
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
    if (config.internalErrorCode() < 100) {
      section.problem(
          "internal_error_code",
          "is " + config.internalErrorCode() + "; allowed are 100 to 599, and 0 for 500");
    }
    if (!config.fcgi().address().isEmpty()) {
      check(section.section("fcgi"), "address", config.fcgi().address());
    }
    config.ssl().ifPresent(ssl -> TlsListener.check(ssl, acme, section.section("ssl"), host));
    if (acme) {
      host.catalogue().reading(ACME).stream()
          .filter(e -> !e.builtIn() && certificates.isEmpty())
          .forEach(e ->
              section
                  .section("ssl")
                  .problem(
                      "acme", "is not in this binary; add " + e.coordinates() + " to the build"));
    }
    chain = Chain.of(config, middleware, section);
    server.check(config.pool(), "http.pool", configurer, problems);
  }

  static void check(Section section, String key, String address) {
    AddressForms.LISTENER.problem(address).ifPresent(problem -> section.problem(key, problem));
  }

  @Override
  public void start() throws Exception {
    chain.tell(log);
    pool.start();
    HttpHandler whole = chain.around(end(pool));
    handler = whole;
    listen(whole);
  }

  private HttpHandler end(Pool workers) {
    CodecChoice choice = codec();
    log.debug(
        "codec chosen",
        "codec",
        choice.codec() == Payload.PROTO ? "proto" : "json",
        "because",
        choice.why());
    Path temp = host.temporaryDirectory();
    Path uploadDir =
        config.uploads().dir().isEmpty()
            ? temp
            : host.workDirectory().resolve(config.uploads().dir());
    Uploads uploads =
        Uploads.of(
            spool(uploadDir),
            config.uploads().forbid(),
            config.uploads().allow(),
            server.uid(),
            server.gid());
    Spool spool = spool(temp);
    BodyTaker bodies = new BodyTaker(config.bodyLimits(), config.rawBody(), uploads, spool, budget);
    AnswerStorage storage = new AnswerStorage(budget, spool, config.timeouts().write());
    ErrorAnswers errors =
        new ErrorAnswers(config.internalErrorCode(), config.pool().debug(), budget, log);
    HttpHandler handler =
        new PoolHandler(workers, ContextWriter.of(choice.codec()), bodies, storage, errors);
    return new AccessLog(UpgradeHandler.before(handler, upgrades), log, config.accessLogs());
  }

  private CodecChoice codec() {
    return switch (config.codec()) {
      case JSON -> CodecChoice.configured(Payload.JSON);
      case PROTO -> CodecChoice.configured(Payload.PROTO);
      case AUTO -> CodecChoice.detect(server.command(config.pool()), host.workDirectory());
    };
  }

  private Spool spool(Path dir) {
    Spool made = new Spool(dir, log);
    spools.add(made);
    made.sweep();
    return made;
  }

  private void listen(HttpHandler whole) throws Exception {
    AltServices announcing = new AltServices(whole);
    altServices = announcing;
    Listeners made = new Listeners(config.maxConnections(), tickMillis(), log);
    listeners = made;
    if (!config.address().isEmpty()) {
      listenPlain(made, announcing);
    }
    if (certificates.isPresent() || TlsListener.isConfigured(config)) {
      listenTls(made, announcing);
    }
    if (!config.fcgi().address().isEmpty()) {
      // No Alt-Svc here: its clients reach the web server in front, which knows its own other
      // ports.
      listenFcgi(made, whole);
    }
  }

  private void listenPlain(Listeners on, HttpHandler chain) throws IOException {
    HttpHandler plain = chain;
    if (config.ssl().isPresent() && config.ssl().get().redirect()) {
      plain = new RedirectHandler(AddressForms.LISTENER.parse(config.ssl().get().address()).port());
    }
    if (certificates.isPresent()) {
      // Before the redirect: authorities ask over plain HTTP.
      plain = new AcmeHandler(certificates.get(), plain);
    }
    Endpoint endpoint = endpoint(plain, "http", config.http2().h2c());
    listen(
        on,
        "http.address",
        AddressForms.LISTENER.parse(config.address()),
        (channel, loop) -> channel.pipeline().addLast(new Http1Connection(loop, endpoint)));
    log.debug("http server was started", "address", config.address());
  }

  private void listenTls(Listeners on, HttpHandler chain) throws IOException {
    TlsListener secure = new TlsListener(config.ssl().orElseThrow(), certificates, host, log);
    tls = secure;
    Endpoint endpoint = endpoint(chain, "https", false);
    listen(
        on,
        "http.ssl.address",
        secure.address(),
        (channel, loop) -> secure.begin(channel, loop, endpoint));
    log.debug("https server was started", "address", secure.address());
  }

  private void listenFcgi(Listeners on, HttpHandler chain) throws IOException {
    Endpoint endpoint = endpoint(chain, "http", false);
    listen(
        on,
        "http.fcgi.address",
        AddressForms.LISTENER.parse(config.fcgi().address()),
        (channel, loop) -> channel.pipeline().addLast(new FcgiConnection(loop, endpoint)));
    log.debug("fcgi server was started", "address", config.fcgi().address());
  }

  private void listen(Listeners on, String key, Address address, BiConsumer<Channel, Loop> begin)
      throws IOException {
    bound.addAll(on.listen(key, address, host.workDirectory(), begin));
  }

  private Endpoint endpoint(HttpHandler handler, String scheme, boolean h2c) {
    return new Endpoint(
        handler,
        scheme,
        h2c,
        config.http2().maxConcurrentStreams(),
        config.timeouts().limits(),
        budget);
  }

  /** Often enough for the shortest timeout. */
  private long tickMillis() {
    HttpConfig.Timeouts timeouts = config.timeouts();
    long shortest =
        List.of(timeouts.header(), timeouts.read(), timeouts.write(), timeouts.idle()).stream()
            .min(Duration::compareTo)
            .orElseThrow()
            .toMillis();
    return Math.clamp(shortest / 4, MIN_TICK_MILLIS, MAX_TICK_MILLIS);
  }

  /** Has it hold no more than this; before the start, for tests. */
  void budget(MemoryBudget other) {
    budget = other;
  }

  /** Where it listens; for tests. */
  List<SocketAddress> bound() {
    return List.copyOf(bound);
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
    Listeners running = listeners;
    return running == null || running.enter();
  }

  @Override
  public void leave() {
    Listeners running = listeners;
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
    try {
      stopListening(deadline);
    } finally {
      try {
        pool.stop(deadline);
      } finally {
        spools.forEach(Spool::close);
      }
    }
  }

  private void stopListening(Deadline deadline) throws InterruptedException {
    if (tls != null) {
      tls.close();
    }
    Listeners running = listeners;
    if (running != null) {
      running.stop(deadline);
    }
  }
}

package dev.rr.plugin.http;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.tls.Certificates;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Server;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import dev.rr.plugin.http.body.BodyTaker;
import dev.rr.plugin.http.body.Spool;
import dev.rr.plugin.http.body.Uploads;
import dev.rr.plugin.http.connection.Endpoint;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.connection.UpgradeHandler;
import dev.rr.plugin.http.fastcgi.FcgiConnection;
import dev.rr.plugin.http.http1.Http1Connection;
import dev.rr.plugin.http.worker.AnswerStorage;
import dev.rr.plugin.http.worker.CodecChoice;
import dev.rr.plugin.http.worker.ContextWriter;
import dev.rr.plugin.http.worker.ErrorAnswers;
import dev.rr.plugin.http.worker.PoolHandler;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration comes to: the end of the chain, and the listeners in front of it. Owns both.
 * On the plugin's thread, but for {@link #enter} and {@link #leave}.
 */
final class HttpServer {
  private final HttpConfig config;
  private final Optional<Certificates> certificates;
  private final Server server;
  private final Host host;
  private final MemoryBudget budget;
  private final Log log;
  private final Listeners listeners;

  /** Whether another protocol has its place on these ports. */
  private boolean upgrades;

  private final List<SocketAddress> bound = new ArrayList<>();
  private final List<Spool> spools = new ArrayList<>();
  private @Nullable TlsListener tls;

  /** Starts loops; nothing listens yet. */
  HttpServer(
      HttpConfig config,
      Optional<Certificates> certificates,
      Server server,
      Host host,
      MemoryBudget budget,
      Log log) {
    this.config = config;
    this.certificates = certificates;
    this.server = server;
    this.host = host;
    this.budget = budget;
    this.log = log;
    this.listeners = new Listeners(config.maxConnections(), config.timeouts().tickMillis(), log);
  }

  // The end of the chain.

  /** What is behind the middleware. */
  HttpHandler end(Pool workers, Map<String, HttpUpgrade> upgrades) {
    this.upgrades = !upgrades.isEmpty();
    HttpHandler handler = UpgradeHandler.before(handler(workers), upgrades);
    return new AccessLog(handler, log, config.accessLogs());
  }

  private HttpHandler handler(Pool workers) {
    CodecChoice choice = codec();
    log.debug(
        "codec chosen",
        "codec",
        choice.codec() == Payload.PROTO ? "proto" : "json",
        "because",
        choice.why());
    Path temp = host.temporaryDirectory();
    Uploads uploads = uploads(temp);
    Spool spool = spool(temp);
    return new PoolHandler(
        workers,
        ContextWriter.of(choice.codec()),
        new BodyTaker(config.bodyLimits(), config.rawBody(), uploads, spool, budget),
        new AnswerStorage(budget, spool, config.timeouts().write()),
        new ErrorAnswers(config.internalErrorCode(), config.pool().debug(), budget, log));
  }

  private CodecChoice codec() {
    return switch (config.codec()) {
      case JSON -> CodecChoice.configured(Payload.JSON);
      case PROTO -> CodecChoice.configured(Payload.PROTO);
      case AUTO -> CodecChoice.detect(server.command(config.pool()), host.workDirectory());
    };
  }

  private Uploads uploads(Path temp) {
    HttpConfig.Uploads rules = config.uploads();
    Path dir = rules.dir().isEmpty() ? temp : host.workDirectory().resolve(rules.dir());
    return Uploads.of(spool(dir), rules.forbid(), rules.allow(), server.uid(), server.gid());
  }

  private Spool spool(Path dir) {
    Spool made = new Spool(dir, log);
    spools.add(made);
    made.sweep();
    return made;
  }

  // Listeners.

  /**
   * Listens wherever the configuration says.
   *
   * @param chain what answers
   * @param announcing the same, with what other ports there are
   * @throws IOException for the user
   */
  void listen(HttpHandler chain, HttpHandler announcing) throws IOException {
    if (!config.address().isEmpty()) {
      listenPlain(announcing);
    }
    if (certificates.isPresent() || TlsListener.isConfigured(config)) {
      listenTls(announcing);
    }
    if (!config.fcgi().address().isEmpty()) {
      // No Alt-Svc here: its clients reach the web server in front, which knows its own other
      // ports.
      listenFcgi(chain);
    }
  }

  private void listenPlain(HttpHandler chain) throws IOException {
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
        "http.address",
        AddressForms.LISTENER.parse(config.address()),
        (channel, loop) -> channel.pipeline().addLast(new Http1Connection(loop, endpoint)));
    log.debug("http server was started", "address", config.address());
  }

  private void listenTls(HttpHandler chain) throws IOException {
    TlsListener secure = new TlsListener(config.ssl().orElseThrow(), certificates, host, log);
    tls = secure;
    Endpoint endpoint = endpoint(chain, "https", false);
    listen(
        "http.ssl.address",
        secure.address(),
        (channel, loop) -> secure.begin(channel, loop, endpoint));
    log.debug("https server was started", "address", secure.address());
  }

  private void listenFcgi(HttpHandler chain) throws IOException {
    Endpoint endpoint = endpoint(chain, "http", false);
    listen(
        "http.fcgi.address",
        AddressForms.LISTENER.parse(config.fcgi().address()),
        (channel, loop) -> channel.pipeline().addLast(new FcgiConnection(loop, endpoint)));
    log.debug("fcgi server was started", "address", config.fcgi().address());
  }

  private void listen(String key, Address address, BiConsumer<Channel, Loop> begin)
      throws IOException {
    bound.addAll(listeners.listen(key, address, host.workDirectory(), begin));
  }

  private Endpoint endpoint(HttpHandler handler, String scheme, boolean h2c) {
    return new Endpoint(
        handler,
        scheme,
        h2c,
        upgrades,
        config.http2().maxConcurrentStreams(),
        config.timeouts().limits(),
        budget);
  }

  /** Where it listens. */
  List<SocketAddress> bound() {
    return List.copyOf(bound);
  }

  /** Counts a connection of another transport; false when there are as many as may be. */
  boolean enter() {
    return listeners.enter();
  }

  /** A connection that was counted is no more. */
  void leave() {
    listeners.leave();
  }

  // The end.

  /** Takes no more connections and lets running requests end until the deadline. */
  void stop(Deadline deadline) throws InterruptedException {
    if (tls != null) {
      tls.close();
    }
    listeners.stop(deadline);
  }

  /** Lets go what bodies and answers were written to; once no worker reads it any more. */
  void close() {
    spools.forEach(Spool::close);
  }
}

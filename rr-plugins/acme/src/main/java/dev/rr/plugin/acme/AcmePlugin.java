package dev.rr.plugin.acme;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.tls.Certificates;
import dev.rr.api.tls.Identity;
import dev.rr.net.AddressForms;
import dev.rr.tls.Pem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Obtains the certificate, keeps it fresh and offers it. */
@Plugin("acme")
@EnabledBy("http.ssl.acme")
final class AcmePlugin implements Lifecycle, Certificates, Renewal.Work {
  /** Upstream's. */
  private static final Duration OBTAIN = Duration.ofSeconds(240);

  private static final int HTTPS = 443;

  private final AcmeConfig config;
  private final Configurer configurer;
  private final Host host;
  private final Log log;
  private final Challenges challenges = new Challenges();
  private final List<Consumer<Identity>> takers = new CopyOnWriteArrayList<>();

  private @Nullable Store store;
  private @Nullable Authority authority;
  private @Nullable KeyPair account;
  private @Nullable Renewal renewal;
  private volatile @Nullable Identity current;

  AcmePlugin(AcmeConfig config, Configurer configurer, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.host = host;
    this.log = loggers.named("acme");
  }

  @Override
  public void check(Problems problems) {
    if (!config.rootCa().isEmpty() && !Files.isReadable(path(config.rootCa()))) {
      configurer
          .section(AcmeConfigBinder.INSTANCE, problems)
          .problem("root_ca", "file '" + config.rootCa() + "' does not exist or cannot be read");
    }
  }

  private Path path(String configured) {
    return host.workDirectory().resolve(configured);
  }

  @Override
  public void start() throws Exception {
    Store opened = open();
    store = opened;
    authority =
        new Authority(
            config,
            config.rootCa().isEmpty() ? List.of() : Pem.certificates(path(config.rootCa())),
            challenges);
    Optional<Identity> stored = stored(opened);
    current = stored.isPresent() ? stored.get() : first();
    if (config.staging()) {
      log.warn(
          "certificates of Let's Encrypt's staging are for tests, no browser trusts them;"
              + " set http.ssl.acme.use_production_endpoint once everything works");
    }
    Renewal made = new Renewal(this, log);
    renewal = made;
    made.start();
  }

  private Store open() throws IOException {
    Path folder = path(config.cacheDir());
    try {
      return Store.open(folder, config.directoryUrl());
    } catch (IOException e) {
      String reason =
          e instanceof FileAlreadyExistsException exists
              ? exists.getFile() + " is no folder"
              : String.valueOf(e.getMessage());
      throw new IOException(
          "http.ssl.acme.cache_dir: cannot write to '" + config.cacheDir() + "': " + reason, e);
    }
  }

  private Optional<Identity> stored(Store opened) {
    try {
      Optional<Identity> found = opened.identity(config.domains());
      found.ifPresent(
          i -> log.debug("certificate found", "domains", config.domains(), "certificate", i));
      return found;
    } catch (IOException e) {
      log.log(Log.Level.WARN, "the certificate on disk cannot be used, a new one is obtained", e);
      return Optional.empty();
    }
  }

  private Identity first() throws IOException, InterruptedException {
    log.info("obtaining a certificate", "domains", config.domains(), "from", config.directoryUrl());
    try {
      return obtain(true);
    } catch (AcmeFault e) {
      throw new IOException(
          "http.ssl.acme: no certificate for "
              + String.join(", ", config.domains())
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /**
   * Gets a certificate and keeps it.
   *
   * @param first whether the http plugin has yet to start
   */
  private Identity obtain(boolean first) throws AcmeFault, InterruptedException {
    try (ChallengePort port = listen(first)) {
      Identity obtained = authority().obtain(account(), Deadline.after(OBTAIN));
      store().keep(config.domains(), obtained);
      log.info("certificate obtained", "domains", config.domains(), "certificate", obtained);
      return obtained;
    } catch (IOException e) {
      throw new AcmeFault("cannot use cache_dir '" + config.cacheDir() + "': " + e.getMessage(), e);
    }
  }

  /** Opens the port that the authority asks; null when a listener of http has it. */
  private @Nullable ChallengePort listen(boolean first) throws AcmeFault {
    int port = config.challengePort();
    if (!first && port == portOfHttp()) {
      return null;
    }
    try {
      return config.tlsAlpn()
          ? ChallengePort.tls(port, challenges)
          : ChallengePort.http(port, challenges);
    } catch (IOException e) {
      throw new AcmeFault(
          "cannot listen on 0.0.0.0:"
              + port
              + " for "
              + config.challengeType()
              + " ("
              + config.challengePortKey()
              + "): "
              + e.getMessage(),
          e);
    }
  }

  /** The port of the listener of http that answers the same kind of challenge; -1 for none. */
  private int portOfHttp() {
    String address = configurer.get(config.tlsAlpn() ? "http.ssl.address" : "http.address");
    if (address == null) {
      return config.tlsAlpn() ? HTTPS : -1;
    }
    // One that is none is told by http.
    return AddressForms.LISTENER.problem(address).isPresent()
        ? -1
        : AddressForms.LISTENER.parse(address).port();
  }

  /** The account's key, a new one on the first run. */
  private KeyPair account() throws IOException {
    KeyPair known = account;
    if (known == null) {
      known = store().account().orElse(null);
    }
    if (known == null) {
      known = Authority.newKey();
      store().keepAccount(known);
    }
    account = known;
    return known;
  }

  private Store store() {
    return started(store);
  }

  private Authority authority() {
    return started(authority);
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("acme has not started");
    }
    return part;
  }

  @Override
  public X509Certificate certificate() {
    return current().certificate();
  }

  @Override
  public Optional<Instant> suggestion() throws AcmeFault, InterruptedException {
    try {
      return authority().suggestion(account(), certificate());
    } catch (IOException e) {
      throw new AcmeFault("the account's key cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void renew() throws AcmeFault, InterruptedException {
    Identity renewed = obtain(false);
    current = renewed;
    takers.forEach(taker -> taker.accept(renewed));
  }

  @Override
  public Identity current() {
    return started(current);
  }

  @Override
  public void onChange(Consumer<Identity> taker) {
    takers.add(taker);
  }

  @Override
  public Optional<Identity> challenge(String serverName) {
    return challenges.identity(serverName);
  }

  @Override
  public Optional<String> answer(String token) {
    return challenges.answer(token);
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    Renewal running = renewal;
    if (running != null) {
      running.stop(deadline);
    }
  }
}

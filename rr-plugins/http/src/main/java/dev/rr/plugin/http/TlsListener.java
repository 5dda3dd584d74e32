package dev.rr.plugin.http;

import dev.rr.api.config.Section;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Host;
import dev.rr.api.tls.Certificates;
import dev.rr.api.tls.Identity;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import dev.rr.netty.tls.TlsContexts;
import dev.rr.plugin.http.connection.Endpoint;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.http1.Http1Connection;
import dev.rr.plugin.http.http2.Http2Connections;
import dev.rr.tls.CertificateFiles;
import dev.rr.tls.FileWatch;
import dev.rr.tls.Pem;
import dev.rr.tls.ServerKeys;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The TLS side of a listener. When the files have changed, or a managed certificate was renewed,
 * connections made from then on get the new one.
 */
final class TlsListener {
  private static final List<String> PROTOCOLS =
      List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);

  /** With these, an authority may ask for challenges. */
  private static final List<String> MANAGED_PROTOCOLS =
      List.of(
          ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1, ServerKeys.ACME_TLS);

  private final HttpConfig.Ssl config;
  private final Path workDirectory;
  private final CertificateFiles files;
  private final Optional<Certificates> managed;
  private final Log log;
  private final FileWatch watch;
  private volatile SslContext context;

  /**
   * Reads the files and keeps an eye on them.
   *
   * @param managed where key and certificate come from instead of the files
   * @throws IOException for the user
   */
  TlsListener(HttpConfig.Ssl config, Optional<Certificates> managed, Host host, Log log)
      throws IOException {
    this.config = config;
    this.managed = managed;
    this.workDirectory = host.workDirectory();
    this.files = files(config, host);
    this.log = log;
    if (managed.isPresent() && files.areNamed()) {
      log.warn("http.ssl.key and http.ssl.cert are not used beside http.ssl.acme");
    }
    // Before the first look at the certificate: a renewal in between is not missed.
    managed.ifPresent(m -> m.onChange(renewed -> reload(renewed.toString())));
    this.watch = new FileWatch("http-tls-reload", watched(), () -> reload(config.cert()));
    try {
      this.context = load();
    } catch (IOException e) {
      watch.close();
      throw e;
    }
  }

  /** Whether there is to be such a listener: both files are named. */
  static boolean isConfigured(HttpConfig config) {
    return config.ssl().filter(TlsListener::hasFiles).isPresent();
  }

  private static CertificateFiles files(HttpConfig.Ssl ssl, Host host) {
    return new CertificateFiles("http.ssl", ssl.cert(), ssl.key(), host.workDirectory());
  }

  private static boolean hasFiles(HttpConfig.Ssl ssl) {
    return !ssl.key().isEmpty() && !ssl.cert().isEmpty();
  }

  /**
   * Records what is wrong with the section.
   *
   * @param acme whether key and certificate come from elsewhere
   */
  static void check(HttpConfig.Ssl ssl, boolean acme, Section section, Host host) {
    HttpPlugin.check(section, "address", ssl.address());
    CertificateFiles files = files(ssl, host);
    if (ssl.redirect() && !acme && !files.areNamed()) {
      section.problem("redirect", "there is nothing to redirect to without key and cert or acme");
    }
    if (acme) {
      files.checkNames(section);
    } else {
      files.check(section);
    }
    boolean unused =
        CertificateFiles.holds(
            section,
            "root_ca",
            "root ca path provided, but path",
            ssl.rootCa(),
            host.workDirectory(),
            Pem::certificates);
    String auth = ssl.clientAuthType().toLowerCase(Locale.ROOT);
    if (!auth.isEmpty() && !TlsContexts.CLIENT_AUTH.contains(auth)) {
      section.problem(
          "client_auth_type",
          "'"
              + ssl.clientAuthType()
              + "' is unknown; allowed are "
              + String.join(", ", TlsContexts.CLIENT_AUTH.stream().sorted().toList()));
    }
  }

  /** Where to listen. */
  Address address() {
    return AddressForms.LISTENER.parse(config.address());
  }

  private List<Path> watched() {
    Stream<Path> own = managed.isPresent() ? Stream.of() : files.files().stream();
    Stream<Path> authorities =
        Stream.of(config.rootCa()).filter(f -> !f.isEmpty()).map(workDirectory::resolve);
    return Stream.concat(own, authorities).toList();
  }

  private SslContext load() throws IOException {
    try {
      Identity identity = managed.isPresent() ? managed.get().current() : files.identity();
      List<X509Certificate> authorities =
          config.rootCa().isEmpty()
              ? List.of()
              : Pem.certificates(workDirectory.resolve(config.rootCa()));
      ServerKeys keys = new ServerKeys(identity, name -> managed.flatMap(m -> m.challenge(name)));
      return TlsContexts.server(
          keys,
          managed.isPresent() ? MANAGED_PROTOCOLS : PROTOCOLS,
          authorities,
          config.clientAuthType());
    } catch (IOException e) {
      throw new IOException("http.ssl: " + e.getMessage(), e);
    }
  }

  // Two threads may be here, the files' and the one that renews; the later reads what is newest.
  private synchronized void reload(String what) {
    CertificateFiles.reload(what, log, () -> context = load());
  }

  /** Sets up a connection. On its loop. */
  void begin(Channel channel, Loop loop, Endpoint endpoint) {
    channel.pipeline().addLast(new PlainGuard(), context.newHandler(channel.alloc()));
    channel
        .pipeline()
        .addLast(
            new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
              @Override
              protected void configurePipeline(ChannelHandlerContext at, String protocol) {
                if (protocol.equals(ServerKeys.ACME_TLS)) {
                  // The authority has seen what it wanted.
                  at.close();
                } else if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                  Http2Connections.begin(at.pipeline(), loop, endpoint);
                } else {
                  at.pipeline().addLast(new Http1Connection(loop, endpoint));
                }
              }

              @Override
              protected void handshakeFailure(ChannelHandlerContext at, Throwable cause) {
                log.debug("TLS handshake failed", "error", String.valueOf(cause.getMessage()));
                at.close();
              }

              @Override
              public void exceptionCaught(ChannelHandlerContext at, Throwable cause) {
                log.debug("TLS connection failed", "error", String.valueOf(cause.getMessage()));
                at.close();
              }
            });
  }

  /** Stops looking at the files. */
  void close() {
    watch.close();
  }
}

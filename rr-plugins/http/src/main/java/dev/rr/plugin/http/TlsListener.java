package dev.rr.plugin.http;

import dev.rr.api.config.Section;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Host;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The TLS side of a listener. A thread of its own ({@code http-tls-reload}) looks whether the files
 * have changed; connections made from then on get the new certificate.
 */
final class TlsListener {
  private static final Duration LOOK = Duration.ofSeconds(2);
  static final Set<String> CLIENT_AUTH =
      Set.of(
          "no_client_cert",
          "no_client_certs",
          "request_client_cert",
          "require_any_client_cert",
          "verify_client_cert_if_given",
          "require_and_verify_client_cert");

  private final HttpConfig.Ssl config;
  private final Path workDirectory;
  private final Log log;
  private final Thread watcher;
  private volatile SslContext context;

  TlsListener(HttpConfig.Ssl config, Host host, Log log) throws IOException {
    this.config = config;
    this.workDirectory = host.workDirectory();
    this.log = log;
    this.context = load();
    List<@Nullable FileTime> seen = times();
    this.watcher = Thread.ofPlatform().name("http-tls-reload").daemon().start(() -> watch(seen));
  }

  /** Whether there is to be such a listener: both files are named. */
  static boolean isConfigured(HttpConfig config) {
    return config.ssl().isPresent()
        && !config.ssl().get().key().isEmpty()
        && !config.ssl().get().cert().isEmpty();
  }

  /** Records what is wrong with the section. */
  static void check(HttpConfig.Ssl ssl, Section section, Host host) {
    HttpPlugin.check(section, "address", ssl.address());
    boolean on = !ssl.key().isEmpty() && !ssl.cert().isEmpty();
    if (ssl.key().isEmpty() != ssl.cert().isEmpty()) {
      section.problem(ssl.key().isEmpty() ? "key" : "cert", "key and cert come together");
    }
    if (ssl.redirect() && !on) {
      section.problem("redirect", "there is nothing to redirect to without key and cert");
    }
    exists(section, "key", "key file", ssl.key(), host);
    exists(section, "cert", "cert file", ssl.cert(), host);
    exists(section, "root_ca", "root ca path provided, but path", ssl.rootCa(), host);
    String auth = ssl.clientAuthType().toLowerCase(Locale.ROOT);
    if (!auth.isEmpty() && !CLIENT_AUTH.contains(auth)) {
      section.problem(
          "client_auth_type",
          "'"
              + ssl.clientAuthType()
              + "' is unknown; allowed are "
              + String.join(", ", CLIENT_AUTH.stream().sorted().toList()));
    }
  }

  private static void exists(Section section, String key, String what, String path, Host host) {
    if (!path.isEmpty() && !Files.isReadable(host.workDirectory().resolve(path))) {
      section.problem(key, what + " '" + path + "' does not exist or cannot be read");
    }
  }

  ListenAddress address() {
    String text = config.address();
    ListenAddress parsed = ListenAddress.parse(text);
    return parsed.path().isEmpty() && parsed.host().isEmpty()
        ? ListenAddress.parse("127.0.0.1" + text)
        : parsed;
  }

  private SslContext load() throws IOException {
    try {
      return TlsContexts.server(
          workDirectory.resolve(config.cert()),
          workDirectory.resolve(config.key()),
          config.rootCa().isEmpty() ? null : workDirectory.resolve(config.rootCa()),
          config.clientAuthType());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("http.ssl: " + e.getMessage(), e);
    }
  }

  private List<@Nullable FileTime> times() {
    List<@Nullable FileTime> times = new ArrayList<>();
    for (String file : List.of(config.cert(), config.key(), config.rootCa())) {
      try {
        times.add(file.isEmpty() ? null : Files.getLastModifiedTime(workDirectory.resolve(file)));
      } catch (IOException e) {
        times.add(null);
      }
    }
    return times;
  }

  private void watch(List<@Nullable FileTime> first) {
    List<@Nullable FileTime> seen = first;
    while (true) {
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException e) {
        return;
      }
      List<@Nullable FileTime> now = times();
      if (!now.equals(seen)) {
        seen = now;
        reload();
      }
    }
  }

  private void reload() {
    try {
      context = load();
      log.info("certificate reloaded", "cert", config.cert());
    } catch (IOException e) {
      // Half a new pair is on disk at times: the old one stays until both fit.
      log.log(Log.Level.WARN, "certificate not reloaded, the old one stays", e);
    }
  }

  /** Sets up a connection. On its loop. */
  void begin(Channel channel, Loop loop, Endpoint endpoint) {
    channel.pipeline().addLast(context.newHandler(channel.alloc()));
    channel
        .pipeline()
        .addLast(
            new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
              @Override
              protected void configurePipeline(ChannelHandlerContext at, String protocol) {
                if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
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
    watcher.interrupt();
  }
}

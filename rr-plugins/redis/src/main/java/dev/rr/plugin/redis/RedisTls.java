package dev.rr.plugin.redis;

import dev.rr.api.config.Section;
import dev.rr.api.tls.Identity;
import dev.rr.tls.CertificateFiles;
import dev.rr.tls.ClientTrust;
import dev.rr.tls.Pem;
import io.lettuce.core.SslOptions;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS towards servers, as the key {@code tls} says. */
final class RedisTls {
  private final CertificateFiles own;
  private final String rootCa;
  private final Path folder;

  RedisTls(RedisConfig.Tls config, String section, Path folder) {
    this.own = new CertificateFiles(section, config.cert(), config.key(), folder);
    this.rootCa = config.rootCa();
    this.folder = folder;
  }

  /** Records what would keep {@link #options} from working. */
  void check(Section at) {
    own.check(at);
    boolean _ = CertificateFiles.holds(at, "root_ca", "CA file", rootCa, folder, Pem::certificates);
  }

  /**
   * Contexts for connections: the server has to show a certificate for its address.
   *
   * @throws IOException for the user: a file cannot be used
   */
  SslOptions options(Duration handshake) throws IOException {
    ClientTrust trust = rootCa.isEmpty() ? null : new ClientTrust(authorities());
    return SslOptions.builder()
        .jdkSslProvider()
        .protocols("TLSv1.3", "TLSv1.2")
        .handshakeTimeout(handshake)
        .sslContext(context -> begin(context, trust))
        .build();
  }

  /** For each connection: a certificate that was renewed is shown from the next one on. */
  private void begin(SslContextBuilder context, @Nullable ClientTrust trust) {
    if (trust != null) {
      context.trustManager(trust);
    }
    if (own.areNamed()) {
      try {
        Identity identity = own.load();
        context.keyManager(identity.key(), identity.chain());
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
  }

  private List<X509Certificate> authorities() throws IOException {
    List<X509Certificate> all = new ArrayList<>(Pem.certificates(folder.resolve(rootCa)));
    try {
      TrustManagerFactory system =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      system.init((KeyStore) null);
      Arrays.stream(system.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .flatMap(m -> Arrays.stream(((X509TrustManager) m).getAcceptedIssuers()))
          .forEach(all::add);
    } catch (GeneralSecurityException e) {
      throw new IOException("the system's authorities cannot be used: " + e.getMessage(), e);
    }
    return all;
  }
}

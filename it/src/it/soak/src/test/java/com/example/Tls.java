package com.example;

import dev.rr.it.ShellCommand;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key of our own, and sockets that trust it. */
final class Tls {
  private Tls() {}

  /** Writes k.key and k.crt. */
  static void makeKey(Path folder) {
    ShellCommand.Result made =
        ShellCommand.in(
                folder,
                "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout k.key -out k.crt"
                    .split(" "))
            .run();
    if (made.exit() != 0) {
      throw new IllegalStateException(made.text());
    }
  }

  static SocketFactory trusting(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      store.setCertificateEntry(
          "k", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }
}

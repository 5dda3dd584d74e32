package dev.rr.tls;

import dev.rr.api.config.Section;
import dev.rr.api.tls.Identity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards a server, as a driver's section names its files: what is trusted, and who this is.
 * Any thread.
 *
 * @param own the certificate shown to servers that ask for one, and its key; may name none
 * @param rootCa authorities that are trusted beside the system's; empty for none
 */
public record ClientTls(CertificateFiles own, String rootCa) {
  private static final char[] PASSWORD = "in memory only".toCharArray();

  /** Records what would keep {@link #context} from working, each at its key. */
  public void check(Section at) {
    own.check(at);
    boolean unused =
        CertificateFiles.holds(at, "root_ca", "CA file", rootCa, own.folder(), Pem::certificates);
  }

  /**
   * What connections begin with, from the files as they are now: a certificate that was renewed is
   * shown from the next context on. Names are the caller's to compare.
   *
   * @throws IOException for the user: a file cannot be used
   */
  public SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(own.section() + ": TLS cannot be used: " + e.getMessage(), e);
    }
  }

  private KeyManager[] keys() throws IOException, GeneralSecurityException {
    if (!own.areNamed()) {
      return new KeyManager[0];
    }
    Identity identity = own.load();
    KeyStore store = empty();
    store.setKeyEntry(
        "own", identity.key(), PASSWORD, identity.chain().toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD);
    return factory.getKeyManagers();
  }

  private TrustManager[] trust() throws IOException, GeneralSecurityException {
    if (rootCa.isEmpty()) {
      return trust(null);
    }
    KeyStore store = empty();
    List<X509Certificate> all = new ArrayList<>(Pem.certificates(own.folder().resolve(rootCa)));
    all.addAll(
        Arrays.stream(trust(null))
            .filter(X509TrustManager.class::isInstance)
            .flatMap(m -> Arrays.stream(((X509TrustManager) m).getAcceptedIssuers()))
            .toList());
    for (int i = 0; i < all.size(); i++) {
      store.setCertificateEntry("authority" + i, all.get(i));
    }
    return trust(store);
  }

  /** Of the system's authorities for null. */
  private static TrustManager[] trust(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}

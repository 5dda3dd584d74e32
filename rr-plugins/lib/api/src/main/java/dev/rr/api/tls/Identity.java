package dev.rr.api.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a TLS server shows of itself. Immutable.
 *
 * @param key the private key of the first certificate
 * @param chain the server's own certificate, then those that lead to an authority; never empty
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
  public Identity {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("an identity without a certificate");
    }
  }

  /** The server's own certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** Tells the certificate and not the key, which is nobody's business. */
  @Override
  public String toString() {
    String subject = certificate().getSubjectX500Principal().getName();
    return (subject.isEmpty() ? "serial " + certificate().getSerialNumber().toString(16) : subject)
        + " until "
        + certificate().getNotAfter().toInstant();
  }
}

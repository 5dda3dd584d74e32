package dev.rr.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.testing.tls.TestKeys;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientTrustTest {
  @TempDir Path dir = Path.of("");

  private X509Certificate make(String name, int begun) throws Exception {
    TestKeys.make(dir, name, "EC", begun);
    return TestKeys.read(dir, name).certificate();
  }

  @Test
  void trustsAnAuthorityItselfAndNobodyElse() throws Exception {
    X509Certificate known = make("known", 1);
    X509Certificate foreign = make("foreign", 1);
    ClientTrust trust = new ClientTrust(List.of(known));
    assertThatCode(() -> trust.checkClientTrusted(new X509Certificate[] {known}, "EC"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> trust.checkClientTrusted(new X509Certificate[] {foreign}, "EC"))
        .isInstanceOf(CertificateException.class);
    assertThat(trust.getAcceptedIssuers()).containsExactly(known);
  }

  @Test
  void refusesAnExpiredOneThatStandsAmongTheAuthorities() throws Exception {
    X509Certificate expired = make("expired", 60);
    ClientTrust trust = new ClientTrust(List.of(expired));
    assertThatThrownBy(() -> trust.checkClientTrusted(new X509Certificate[] {expired}, "EC"))
        .isInstanceOf(CertificateExpiredException.class);
  }
}

package dev.rr.testing.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.tls.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestKeysTest {
  private static final int ADDRESS = 7;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "RSASSA-PSS", "Ed25519"})
  void aCertificateIsSignedByItsOwnKeyForTheLoopbackAddress(String algorithm) throws Exception {
    TestKeys.make(folder, "own", algorithm);
    Identity made = TestKeys.read(folder, "own");
    X509Certificate certificate = made.certificate();
    certificate.verify(certificate.getPublicKey());
    certificate.checkValidity();
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=own");
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(ADDRESS, "127.0.0.1"));
    assertThat(Files.readString(folder.resolve("own.crt"))).startsWith("-----BEGIN CERTIFICATE");
    assertThat(Files.readString(folder.resolve("own.key"))).startsWith("-----BEGIN PRIVATE KEY");
  }

  @Test
  void anOldOneHasExpired() throws Exception {
    TestKeys.make(folder, "old", "EC", 60);
    assertThatThrownBy(() -> TestKeys.read(folder, "old").certificate().checkValidity())
        .isInstanceOf(CertificateExpiredException.class);
  }
}

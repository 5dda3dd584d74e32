package dev.rr.testing.tls;

import dev.rr.api.tls.Identity;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** Key pairs with certificates, for servers and clients of tests. */
public final class TestKeys {
  private static final char[] PASSWORD = "secret".toCharArray();
  private static final String ALIAS = "k";

  /** Sizes that are made quickly. */
  private static final int RSA_BITS = 2048;

  private static final int EC_BITS = 256;

  private TestKeys() {}

  /** A key and its certificate for the loopback address, as PEM and PKCS12 files of that name. */
  public static void make(Path dir, String name, String algorithm) throws Exception {
    make(dir, name, algorithm, 1);
  }

  /**
   * As {@link #make(Path, String, String)}, valid for thirty days.
   *
   * @param algorithm {@code EC}, {@code RSA}, {@code RSASSA-PSS} or {@code Ed25519}
   * @param begun how many days ago these began
   */
  public static void make(Path dir, String name, String algorithm, int begun) throws Exception {
    KeyPair pair = pair(algorithm);
    X509Certificate certificate = SelfSigned.certificate(pair, name, begun);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(ALIAS, pair.getPrivate(), PASSWORD, new Certificate[] {certificate});
    try (OutputStream file = Files.newOutputStream(store(dir, name))) {
      keys.store(file, PASSWORD);
    }
    pem(dir, name + ".key", "PRIVATE KEY", pair.getPrivate().getEncoded());
    pem(dir, name + ".crt", "CERTIFICATE", certificate.getEncoded());
  }

  private static KeyPair pair(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    switch (algorithm) {
      case "EC" -> generator.initialize(EC_BITS);
      case "Ed25519" -> {}
      default -> generator.initialize(RSA_BITS);
    }
    return generator.generateKeyPair();
  }

  /** What {@code make} wrote. */
  public static Identity read(Path dir, String name) throws Exception {
    KeyStore keys = KeyStore.getInstance(store(dir, name).toFile(), PASSWORD);
    return new Identity(
        (PrivateKey) keys.getKey(ALIAS, PASSWORD),
        List.of((X509Certificate) keys.getCertificate(ALIAS)));
  }

  private static Path store(Path dir, String name) {
    return dir.resolve(name + ".p12");
  }

  private static void pem(Path dir, String file, String kind, byte[] der) throws Exception {
    Files.writeString(
        dir.resolve(file),
        "-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END "
            + kind
            + "-----\n");
  }
}

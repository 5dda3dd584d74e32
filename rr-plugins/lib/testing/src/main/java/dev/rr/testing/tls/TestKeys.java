package dev.rr.testing.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.tls.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Key pairs, made by the JDK's keytool. */
public final class TestKeys {
  private static final char[] PASSWORD = "secret".toCharArray();
  private static final String ALIAS = "k";

  private TestKeys() {}

  /** A key and its certificate for the loopback address, as PEM and PKCS12 files of that name. */
  public static void make(Path dir, String name, String algorithm) throws Exception {
    make(dir, name, algorithm, "-1d");
  }

  /**
   * As {@link #make(Path, String, String)}, valid for thirty days.
   *
   * @param from when they begin, as keytool has it
   */
  public static void make(Path dir, String name, String algorithm, String from) throws Exception {
    keytool(dir, name, algorithm, from);
    Identity made = read(dir, name);
    pem(dir, name + ".key", "PRIVATE KEY", made.key().getEncoded());
    pem(dir, name + ".crt", "CERTIFICATE", made.certificate().getEncoded());
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

  private static void keytool(Path dir, String name, String algorithm, String from)
      throws Exception {
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-startdate",
                from,
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store(dir, name).toString(),
                "-ext",
                "san=ip:127.0.0.1")
            .redirectErrorStream(true)
            .start();
    if (!tool.waitFor(30, TimeUnit.SECONDS) || tool.exitValue() != 0) {
      throw new AssertionError(
          "keytool: " + new String(tool.getInputStream().readAllBytes(), UTF_8));
    }
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

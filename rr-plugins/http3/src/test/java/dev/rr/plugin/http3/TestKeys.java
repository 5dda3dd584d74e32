package dev.rr.plugin.http3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.tls.Identity;
import dev.rr.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** Key pairs for tests. */
final class TestKeys {
  private TestKeys() {}

  /** A key and its certificate for the loopback address, as PEM and PKCS12 files of that name. */
  static void make(Path dir, String name, String algorithm) throws Exception {
    Path store = dir.resolve(name + ".p12");
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-keystore",
                store.toString(),
                "-ext",
                "san=ip:127.0.0.1")
            .redirectErrorStream(true)
            .start();
    assertThat(tool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
    pem(dir, name + ".key", "PRIVATE KEY", keys.getKey("k", "secret".toCharArray()).getEncoded());
    pem(dir, name + ".crt", "CERTIFICATE", keys.getCertificate("k").getEncoded());
  }

  /** What {@link #make} wrote. */
  static Identity read(Path dir, String name) throws IOException {
    return Pem.identity(dir.resolve(name + ".crt"), dir.resolve(name + ".key"));
  }

  private static void pem(Path dir, String file, String kind, byte[] der) throws IOException {
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

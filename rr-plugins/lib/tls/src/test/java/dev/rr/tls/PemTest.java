package dev.rr.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.tls.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as OpenSSL writes them. */
class PemTest {
  @TempDir static Path dir;

  @BeforeAll
  static void makeKeys() throws Exception {
    openssl("genrsa -traditional -out rsa-pkcs1.key 2048");
    openssl("genrsa -out rsa-pkcs8.key 2048");
    openssl("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out rsa-pss.key");
    openssl("genpkey -algorithm ED25519 -out ed25519.key");
    for (String curve : List.of("prime256v1", "secp384r1", "secp521r1")) {
      openssl("ecparam -genkey -name " + curve + " -out ec-params-" + curve + ".key");
      openssl("ecparam -genkey -noout -name " + curve + " -out ec-" + curve + ".key");
    }
    openssl("pkcs8 -topk8 -nocrypt -in ec-prime256v1.key -out ec-pkcs8.key");
    openssl("pkcs8 -topk8 -passout pass:secret -in rsa-pkcs1.key -out encrypted-pkcs8.key");
    openssl("rsa -traditional -aes128 -passout pass:secret -in rsa-pkcs1.key -out encrypted.key");
    for (String name : List.of("rsa-pkcs1", "ed25519", "ec-prime256v1")) {
      certify(name);
    }
  }

  private static void certify(String name) throws Exception {
    openssl("req -x509 -days 9 -subj /CN=" + name + " -key " + name + ".key -out " + name + ".crt");
  }

  private static void openssl(String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    Process tool =
        new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
    String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(tool.exitValue()).as(said).isZero();
  }

  private static Path file(String name) {
    return dir.resolve(name);
  }

  @ParameterizedTest
  @CsvSource({
    "rsa-pkcs1,RSA",
    "rsa-pkcs8,RSA",
    "rsa-pss,RSASSA-PSS",
    "ed25519,EdDSA",
    "ec-pkcs8,EC",
    "ec-prime256v1,EC",
    "ec-secp384r1,EC",
    "ec-secp521r1,EC",
    "ec-params-prime256v1,EC",
    "ec-params-secp384r1,EC",
    "ec-params-secp521r1,EC"
  })
  void readsKeysOfEveryKindWithTheirCertificate(String name, String algorithm) throws Exception {
    certify(name);
    Identity identity = Pem.identity(file(name + ".crt"), file(name + ".key"));
    assertThat(identity.key().getAlgorithm()).isEqualTo(algorithm);
    assertThat(identity).asString().startsWith("CN=" + name + " until ");
  }

  @Test
  void readsAChainAndAKeyInOneFileWithTextBetweenThem() throws Exception {
    Files.writeString(
        file("all.pem"),
        "subject: x\n"
            + Files.readString(file("ed25519.crt"))
            + "and its key - alone\n"
            + Files.readString(file("ed25519.key"))
            + Files.readString(file("rsa-pkcs1.crt")).replace("\n", "\r\n"));
    Identity identity = Pem.identity(file("all.pem"), file("all.pem"));
    assertThat(identity.chain())
        .extracting(c -> c.getSubjectX500Principal().getName())
        .containsExactly("CN=ed25519", "CN=rsa-pkcs1");
  }

  @Test
  void writesWhatItReads() throws Exception {
    Identity first = Pem.identity(file("ec-prime256v1.crt"), file("ec-prime256v1.key"));
    Files.writeString(file("written.pem"), Pem.text(first));
    assertThat(Pem.identity(file("written.pem"), file("written.pem"))).isEqualTo(first);
    KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
    Files.writeString(file("pair.pem"), Pem.text(pair));
    assertThat(Pem.keyPair(file("pair.pem")).getPrivate()).isEqualTo(pair.getPrivate());
    assertThat(Pem.keyPair(file("pair.pem")).getPublic()).isEqualTo(pair.getPublic());
    assertThatThrownBy(() -> Pem.keyPair(file("written.pem")))
        .hasMessage("there is no public key in " + file("written.pem"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"encrypted", "encrypted-pkcs8"})
  void saysThatAKeyIsEncrypted(String name) {
    assertThatThrownBy(() -> Pem.privateKey(file(name + ".key")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "the key in " + file(name + ".key") + " is encrypted; write it without a passphrase");
  }

  @Test
  void saysThatKeyAndCertificateDoNotBelongTogether() {
    assertThatThrownBy(() -> Pem.identity(file("ed25519.crt"), file("rsa-pkcs1.key")))
        .hasMessage(
            "the key in %s does not belong to the certificate in %s",
            file("rsa-pkcs1.key"), file("ed25519.crt"));
    assertThatThrownBy(() -> Pem.identity(file("rsa-pkcs1.crt"), file("rsa-pkcs8.key")))
        .hasMessageContaining("does not belong");
    assertThatThrownBy(() -> Pem.identity(file("ec-prime256v1.crt"), file("ec-secp384r1.key")))
        .hasMessageContaining("does not belong");
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    Files.writeString(file("empty"), "");
    Files.writeString(
        file("damaged"),
        """
        -----BEGIN CERTIFICATE-----
        AAAA
        -----END CERTIFICATE-----
        -----BEGIN EC PRIVATE KEY-----
        MAAA
        -----END EC PRIVATE KEY-----
        """);
    Files.writeString(
        file("dsa"), "-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n");
    assertThatThrownBy(() -> Pem.certificates(file("none")))
        .hasMessage(file("none") + " does not exist");
    assertThatThrownBy(() -> Pem.certificates(file("empty")))
        .hasMessage("there is no certificate in " + file("empty"));
    assertThatThrownBy(() -> Pem.privateKey(file("empty")))
        .hasMessage("there is no private key in " + file("empty"));
    assertThatThrownBy(() -> Pem.certificates(file("damaged")))
        .hasMessage("a certificate in " + file("damaged") + " is damaged");
    assertThatThrownBy(() -> Pem.privateKey(file("damaged")))
        .hasMessage(
            "the key in " + file("damaged") + " cannot be used: it does not name its curve");
    assertThatThrownBy(() -> Pem.privateKey(file("dsa"))).hasMessageContaining("DSA PRIVATE KEY");
  }
}

package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.tls.Identity;
import dev.rr.testing.tls.TestKeys;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocols, suites, kinds of keys, and what is asked of clients. */
@Timeout(60)
class TlsRulesTest {
  @TempDir static Path dir;

  @BeforeAll
  static void makeKeys() throws Exception {
    TestKeys.make(dir, "rsa", "RSA");
    TestKeys.make(dir, "ec", "EC");
    TestKeys.make(dir, "ed25519", "Ed25519");
    TestKeys.make(dir, "pss", "RSASSA-PSS");
    TestKeys.make(dir, "client", "EC");
    TestKeys.make(dir, "second", "RSA");
    TestKeys.make(dir, "foreign", "EC");
    TestKeys.make(dir, "expired", "EC", 60);
    Files.writeString(
        dir.resolve("authorities.crt"),
        text("expired") + "# the next\n" + text("client") + text("second"));
    Files.writeString(dir.resolve("chain.crt"), text("rsa") + text("ec"));
  }

  private static String text(String name) throws IOException {
    return Files.readString(dir.resolve(name + ".crt"));
  }

  private static HttpConfig.Ssl ssl(String key, String cert, String authorities, String auth) {
    return ssl("127.0.0.1:0", key, cert, authorities, auth);
  }

  private static HttpConfig.Ssl ssl(
      String address, String key, String cert, String authorities, String auth) {
    return new HttpConfig.Ssl(
        address,
        false,
        dir.resolve(key + ".key").toString(),
        dir.resolve(cert + ".crt").toString(),
        authorities.isEmpty() ? "" : dir.resolve(authorities + ".crt").toString(),
        auth);
  }

  private static TestServer server(HttpConfig.Ssl ssl) throws Exception {
    return TestServer.with(HttpWorkers.echoingContext()).ssl(ssl).start();
  }

  /** Trusts everybody. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Shows its certificate whomever the server says it trusts. */
  private static final class Stubborn extends X509ExtendedKeyManager {
    private final Identity identity;

    Stubborn(Identity identity) {
      this.identity = identity;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, Socket socket) {
      return "mine";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return identity.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, Socket socket) {
      return null;
    }
  }

  private static SSLSocket connect(TestServer server, @Nullable String identity) throws Exception {
    return connect("127.0.0.1", server, identity);
  }

  private static SSLSocket connect(String host, TestServer server, @Nullable String identity)
      throws Exception {
    KeyManager[] keys =
        identity == null ? null : new KeyManager[] {new Stubborn(TestKeys.read(dir, identity))};
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Anybody()}, null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(host, server.lastPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** The status line of an answer; with TLS 1.3 a client learns here that it is not wanted. */
  private static String ask(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    if (answer.isEmpty()) {
      throw new IOException("closed");
    }
    return answer.lines().findFirst().orElse("");
  }

  @ParameterizedTest
  @CsvSource({
    "rsa,TLSv1.3,TLS_AES_128_GCM_SHA256",
    "rsa,TLSv1.3,TLS_AES_256_GCM_SHA384",
    "rsa,TLSv1.3,TLS_CHACHA20_POLY1305_SHA256",
    "ec,TLSv1.3,TLS_AES_128_GCM_SHA256",
    "ed25519,TLSv1.3,TLS_AES_128_GCM_SHA256",
    "pss,TLSv1.3,TLS_AES_128_GCM_SHA256",
    "rsa,TLSv1.2,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "rsa,TLSv1.2,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "rsa,TLSv1.2,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "pss,TLSv1.2,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ec,TLSv1.2,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "ec,TLSv1.2,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "ec,TLSv1.2,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "ed25519,TLSv1.2,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
  })
  void speaksEachSuiteOfItsKey(String key, String protocol, String suite) throws Exception {
    try (TestServer server = server(ssl(key, key, "", ""));
        SSLSocket socket = connect(server, null)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.setEnabledCipherSuites(new String[] {suite});
      assertThat(ask(socket)).isEqualTo("HTTP/1.1 200 OK");
      assertThat(socket.getSession().getCipherSuite()).isEqualTo(suite);
      assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"})
  void refusesOtherSuites(String suite) throws Exception {
    try (TestServer server = server(ssl("rsa", "rsa", "", ""));
        SSLSocket socket = connect(server, null)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(new String[] {suite});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {":0", "tcp://:0"})
  void listensOnEveryAddressOfTheMachineWhereNoHostIsNamed(String address) throws Exception {
    try (TestServer server = server(ssl(address, "rsa", "rsa", "", ""));
        SSLSocket socket = connect("127.0.0.2", server, null)) {
      assertThat(ask(socket)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void refusesToHandshakeAgain() throws Exception {
    try (TestServer server = server(ssl("rsa", "rsa", "", ""));
        SSLSocket socket = connect(server, null)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();
      socket.startHandshake();
      assertThatThrownBy(() -> ask(socket)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void tellsAClientThatSpeaksWithoutTls() throws Exception {
    try (TestServer server = server(ssl("rsa", "rsa", "", ""));
        Socket socket = new Socket("127.0.0.1", server.lastPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("POST / HTTP/1.1\r\nHost: h\r\n\r\n" + "x".repeat(100_000))
                  .getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer)
          .startsWith("HTTP/1.1 400 Bad Request\r\n")
          .endsWith("\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
      try (SSLSocket encrypted = connect(server, null)) {
        assertThat(ask(encrypted)).isEqualTo("HTTP/1.1 200 OK");
      }
    }
  }

  @Test
  void refusesOlderProtocols() throws Exception {
    // The JDK's clients have put TLS 1.1 away, so a hello is spelled out, with a suite of its time.
    byte[] hello = {
      22,
      3,
      1,
      0,
      45,
      1,
      0,
      0,
      41,
      3,
      2,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      11,
      12,
      13,
      14,
      15,
      16,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      11,
      12,
      13,
      14,
      15,
      16,
      0,
      0,
      2,
      (byte) 0xc0,
      0x13,
      1,
      0
    };
    try (TestServer server = server(ssl("rsa", "rsa", "", ""));
        Socket socket = new Socket("127.0.0.1", server.lastPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(hello);
      byte[] answer = socket.getInputStream().readAllBytes();
      // A fatal alert: protocol_version.
      assertThat(answer).startsWith(21, 3).endsWith(2, 70);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "no_client_cert,,true",
    "no_client_cert,foreign,true",
    "no_client_certs,expired,true",
    "request_client_cert,,true",
    "request_client_cert,client,true",
    "request_client_cert,foreign,true",
    "request_client_cert,expired,true",
    "require_any_client_cert,,false",
    "require_any_client_cert,client,true",
    "require_any_client_cert,foreign,true",
    "require_any_client_cert,expired,true",
    "verify_client_cert_if_given,,true",
    "verify_client_cert_if_given,client,true",
    "verify_client_cert_if_given,second,true",
    "verify_client_cert_if_given,foreign,false",
    "verify_client_cert_if_given,expired,false",
    "require_and_verify_client_cert,,false",
    "require_and_verify_client_cert,client,true",
    "require_and_verify_client_cert,second,true",
    "require_and_verify_client_cert,foreign,false",
    "require_and_verify_client_cert,expired,false",
    "Require_And_Verify_Client_Cert,,false"
  })
  void asksClientsForWhatIsConfigured(String auth, @Nullable String identity, boolean welcome)
      throws Exception {
    for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
      try (TestServer server = server(ssl("rsa", "rsa", "authorities", auth));
          SSLSocket socket = connect(server, identity)) {
        socket.setEnabledProtocols(new String[] {protocol});
        if (welcome) {
          assertThat(ask(socket)).isEqualTo("HTTP/1.1 200 OK");
        } else {
          assertThatThrownBy(() -> ask(socket)).isInstanceOf(IOException.class);
        }
      }
    }
  }

  @Test
  void asksNobodyWithoutAuthorities() throws Exception {
    try (TestServer server = server(ssl("rsa", "rsa", "", "require_and_verify_client_cert"));
        SSLSocket socket = connect(server, null)) {
      assertThat(ask(socket)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void sendsTheWholeChain() throws Exception {
    try (TestServer server = server(ssl("rsa", "chain", "", ""));
        SSLSocket socket = connect(server, null)) {
      socket.startHandshake();
      assertThat(socket.getSession().getPeerCertificates())
          .extracting(c -> ((X509Certificate) c).getSubjectX500Principal().getName())
          .containsExactly("CN=rsa", "CN=ec");
    }
  }

  @Test
  void saysThatKeyAndCertificateDoNotBelongTogether() {
    assertThatThrownBy(() -> server(ssl("rsa", "ec", "", "")))
        .hasMessage(
            "http.ssl.cert: the key in %s does not belong to the certificate in %s",
            dir.resolve("rsa.key"), dir.resolve("ec.crt"));
  }

  @Test
  void saysThatAFileOfAuthoritiesHasNone() throws Exception {
    Files.writeString(dir.resolve("empty.crt"), "nothing");
    assertThatThrownBy(() -> server(ssl("rsa", "rsa", "empty", "require_any_client_cert")))
        .hasMessage("http.ssl.root_ca: there is no certificate in " + dir.resolve("empty.crt"));
  }

  @Test
  void keepsTheOldPairWhileHalfOfTheNewOneIsWritten() throws Exception {
    copy("rsa.key", "live.key");
    copy("rsa.crt", "live.crt");
    try (TestServer server = server(ssl("live", "live", "", ""))) {
      copy("ec.key", "live.key");
      TestServer.await(
          () -> server.log().stream().anyMatch(l -> l.contains("WARN certificate not reloaded")));
      assertThat(subject(server)).isEqualTo("CN=rsa");
      Files.writeString(dir.resolve("live.crt"), text("ec").substring(0, 100));
      assertThat(subject(server)).isEqualTo("CN=rsa");
      copy("ec.crt", "live.crt");
      TestServer.await(
          () -> server.log().stream().anyMatch(l -> l.contains("INFO certificate reloaded")));
      assertThat(subject(server)).isEqualTo("CN=ec");
    }
  }

  @Test
  void takesNewAuthoritiesWithoutARestart() throws Exception {
    copy("client.crt", "trusted.crt");
    try (TestServer server =
        server(ssl("rsa", "rsa", "trusted", "require_and_verify_client_cert"))) {
      try (SSLSocket socket = connect(server, "foreign")) {
        assertThatThrownBy(() -> ask(socket)).isInstanceOf(IOException.class);
      }
      copy("foreign.crt", "trusted.crt");
      TestServer.await(
          () -> server.log().stream().anyMatch(l -> l.contains("INFO certificate reloaded")));
      try (SSLSocket socket = connect(server, "foreign")) {
        assertThat(ask(socket)).isEqualTo("HTTP/1.1 200 OK");
      }
    }
  }

  private static void copy(String from, String to) throws IOException {
    Files.copy(dir.resolve(from), dir.resolve(to), StandardCopyOption.REPLACE_EXISTING);
  }

  private static String subject(TestServer server) throws Exception {
    try (SSLSocket socket = connect(server, null)) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    }
  }
}

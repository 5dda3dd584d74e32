package dev.rr.plugin.tcp;

import static dev.rr.plugin.tcp.TcpHarness.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.tls.Identity;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class TcpTlsTest {
  @TempDir static Path folder;

  private final FakePool pool =
      new FakePool((asked, reply) ->
          FakePool.answer(
              reply,
              asked.text().isEmpty()
                  ? "CONTINUE"
                  : asked.text().startsWith("bye") ? "WRITECLOSE" : "WRITE",
              asked.text()));

  @BeforeAll
  static void makeKeys() throws Exception {
    TestKeys.make(folder, "server", "EC");
    TestKeys.make(folder, "client", "EC");
  }

  private TcpHarness start(String more) throws Exception {
    return TcpHarness.of(
            folder,
            "{servers: {main: {addr: \"127.0.0.1:0\", tls: {key: server.key, cert: server.crt"
                + more
                + "}}}}",
            pool)
        .start();
  }

  private static Client connect(TcpHarness rr, boolean withCertificate) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setCertificateEntry("server", TestKeys.read(folder, "server").certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    if (withCertificate) {
      Identity own = TestKeys.read(folder, "client");
      keys.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(X509Certificate[]::new));
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", rr.port("main"));
    socket.setSoTimeout(20_000);
    socket.startHandshake();
    return new Client(socket);
  }

  @Test
  void aConnectionIsToldAfterItsHandshake() throws Exception {
    try (TcpHarness rr = start("");
        Client client = connect(rr, false)) {
      assertThat(client.ask("x\r\n")).isEqualTo("x");
      assertThat(client.ask("bye\r\n")).isEqualTo("bye");
      assertThat(client.rest()).isEmpty();
      Await.until("the end", () -> events(pool).contains("CLOSE"));
      assertThat(events(pool)).containsExactly("CONNECTED", "DATA x\r\n", "DATA bye\r\n", "CLOSE");
    }
  }

  @Test
  void aMegabyteComesAndGoes() throws Exception {
    String line = "x".repeat(1 << 20);
    try (TcpHarness rr = start("");
        Client client = connect(rr, false)) {
      Thread sending =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  client.send(line + "\r\n");
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(client.line()).isEqualTo(line);
      sending.join();
      Await.until("all is given back", () -> rr.plugin.budget().taken() == 0);
    }
  }

  @Test
  void whoSpeaksNoTlsIsClosedAndNobodyIsTold() throws Exception {
    try (TcpHarness rr = start("");
        Client client = rr.connect()) {
      client.send("hello, this is no TLS\r\n");
      String ignored = client.rest(); // an alert
      assertThat(events(pool)).isEmpty();
    }
  }

  @Test
  void aClientsCertificateMayBeAskedFor() throws Exception {
    try (TcpHarness rr =
        start(", root_ca: client.crt, client_auth_type: require_and_verify_client_cert")) {
      try (Client client = connect(rr, true)) {
        assertThat(client.ask("x\r\n")).isEqualTo("x");
      }
      // With TLS 1.3 the client learns it at its first read.
      assertThatThrownBy(
              () -> {
                try (Client client = connect(rr, false)) {
                  if (client.ask("x\r\n").isEmpty()) {
                    throw new IOException("closed");
                  }
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aRenewedCertificateIsShown() throws Exception {
    try (TcpHarness rr = start("")) {
      BigInteger before = serial(rr);
      Files.delete(folder.resolve("server.p12"));
      TestKeys.make(folder, "server", "EC");
      Await.until(
          Duration.ofSeconds(20),
          () -> "another certificate than " + before,
          () -> rr.log.with("certificate reloaded").size() == 1);
      assertThat(serial(rr)).isNotEqualTo(before);
    }
  }

  private static BigInteger serial(TcpHarness rr) throws Exception {
    try (Client client = connect(rr, false)) {
      X509Certificate shown =
          (X509Certificate) ((SSLSocket) client.socket).getSession().getPeerCertificates()[0];
      return shown.getSerialNumber();
    }
  }

  @Test
  void aHandshakeThatDoesNotEndDoesNotHoldUpTheStop() throws Exception {
    TcpHarness rr = start("");
    try (Client client = rr.connect()) {
      // The first byte of a handshake, so that it has begun for sure once the server has it.
      client.send("\u0016");
      long before = System.nanoTime();
      rr.stop(Duration.ofSeconds(30));
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
      assertThat(client.isClosed()).isTrue();
    }
  }
}

package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Catalogue;
import dev.rr.api.tls.Certificates;
import dev.rr.api.tls.Identity;
import dev.rr.testing.tls.TestKeys;
import dev.rr.tls.ServerKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A certificate that another plugin obtains and renews. */
@Timeout(60)
class ManagedCertificateTest {
  @TempDir static Path dir;

  @BeforeAll
  static void makeKeys() throws Exception {
    for (String name : List.of("first", "second", "challenge")) {
      TestKeys.make(dir, name, "EC");
    }
  }

  private static final class Managed implements Certificates {
    private final List<Consumer<Identity>> takers = new CopyOnWriteArrayList<>();
    final Map<String, Identity> challenges = new ConcurrentHashMap<>();
    final Map<String, String> answers = new ConcurrentHashMap<>();
    private volatile Identity current;

    Managed(Identity first) {
      current = first;
    }

    void renew(Identity next) {
      current = next;
      takers.forEach(t -> t.accept(next));
    }

    @Override
    public Identity current() {
      return current;
    }

    @Override
    public void onChange(Consumer<Identity> taker) {
      takers.add(taker);
    }

    @Override
    public Optional<Identity> challenge(String serverName) {
      return Optional.ofNullable(challenges.get(serverName));
    }

    @Override
    public Optional<String> answer(String token) {
      return Optional.ofNullable(answers.get(token));
    }
  }

  private static Managed managed() throws Exception {
    return new Managed(TestKeys.read(dir, "first"));
  }

  private static HttpConfig.Ssl ssl(boolean redirect) {
    return new HttpConfig.Ssl("127.0.0.1:0", redirect, "", "", "", "");
  }

  private static TestServer server(Managed managed, boolean redirect) throws Exception {
    return TestServer.with(HttpWorkers.echoingContext())
        .ssl(ssl(redirect))
        .present("http.ssl.acme")
        .certificates(managed)
        .start();
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

  private static SSLSocket connect(TestServer server, String name, String... protocols)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.lastPort());
    socket.setSoTimeout(20_000);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static String subject(SSLSocket socket) throws IOException {
    socket.startHandshake();
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
        .getSubjectX500Principal()
        .getName();
  }

  @Test
  void showsTheCertificateWhateverNameIsAsked() throws Exception {
    try (TestServer server = server(managed(), false);
        SSLSocket socket = connect(server, "one.example", "h2", "http/1.1")) {
      assertThat(subject(socket)).isEqualTo("CN=first");
      assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
    }
  }

  @Test
  void showsAnAuthorityTheChallengeAndNobodyElse() throws Exception {
    Managed managed = managed();
    try (TestServer server = server(managed, false)) {
      managed.challenges.put("one.example", TestKeys.read(dir, "challenge"));
      try (SSLSocket socket = connect(server, "One.Example", ServerKeys.ACME_TLS)) {
        assertThat(subject(socket)).isEqualTo("CN=challenge");
        assertThat(socket.getApplicationProtocol()).isEqualTo("acme-tls/1");
        assertThat(socket.getInputStream().read()).as("it is closed").isEqualTo(-1);
      }
      try (SSLSocket socket = connect(server, "one.example", "http/1.1")) {
        assertThat(subject(socket)).isEqualTo("CN=first");
      }
      try (SSLSocket socket = connect(server, "two.example", ServerKeys.ACME_TLS)) {
        assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void offersTheProtocolOfAuthoritiesOnlyWithAManagedCertificate() throws Exception {
    HttpConfig.Ssl files =
        new HttpConfig.Ssl(
            "127.0.0.1:0",
            false,
            dir.resolve("first.key").toString(),
            dir.resolve("first.crt").toString(),
            "",
            "");
    try (TestServer server = TestServer.with(HttpWorkers.echoingContext()).ssl(files).start();
        SSLSocket socket = connect(server, "one.example", ServerKeys.ACME_TLS)) {
      assertThat(subject(socket)).isEqualTo("CN=first");
      assertThat(socket.getApplicationProtocol()).isEmpty();
    }
  }

  @Test
  void answersAnAuthorityOnThePlainListenerBeforeTheRedirect() throws Exception {
    Managed managed = managed();
    managed.answers.put("token", "token.thumbprint");
    try (TestServer server = server(managed, true);
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = get(client, server, "/.well-known/acme-challenge/token");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("token.thumbprint");
      assertThat(get(client, server, "/.well-known/acme-challenge/other").statusCode())
          .isEqualTo(308);
      assertThat(get(client, server, "/").statusCode()).isEqualTo(308);
    }
  }

  private static HttpResponse<String> get(HttpClient client, TestServer server, String target)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + target)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void swapsTheCertificateUnderLoadWithoutAFailedRequest() throws Exception {
    Managed managed = managed();
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    try (TestServer server = server(managed, false);
        ExecutorService clients = Executors.newFixedThreadPool(5)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            clients.submit(() -> {
              while (!over.get()) {
                try (SSLSocket socket = connect(server, "one.example", "http/1.1")) {
                  ask(socket);
                  answered.incrementAndGet();
                }
              }
              return null;
            }));
      }
      all.add(
          clients.submit(() -> {
            try (SSLSocket socket = connect(server, "one.example", "http/1.1")) {
              while (!over.get()) {
                ask(socket);
                answered.incrementAndGet();
              }
            }
            return null;
          }));
      for (int i = 0; i < 20; i++) {
        int before = answered.get();
        managed.renew(TestKeys.read(dir, i % 2 == 0 ? "second" : "first"));
        TestServer.await(() -> answered.get() > before + 10);
      }
      managed.renew(TestKeys.read(dir, "second"));
      try (SSLSocket socket = connect(server, "one.example", "http/1.1")) {
        assertThat(subject(socket)).isEqualTo("CN=second");
      }
      over.set(true);
      for (Future<?> one : all) {
        one.get(20, TimeUnit.SECONDS);
      }
    }
  }

  /** A request on a connection that stays; reads the head and the chunk or length behind it. */
  private static void ask(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) next);
    }
    assertThat(head).startsWith("HTTP/1.1 200 OK");
    int length =
        head.toString()
            .lines()
            .filter(l -> l.startsWith("Content-Length: "))
            .mapToInt(l -> Integer.parseInt(l.substring("Content-Length: ".length())))
            .findFirst()
            .orElseThrow();
    assertThat(socket.getInputStream().readNBytes(length)).hasSize(length);
  }

  @Test
  void namesThePluginToAddWhenTheBinaryLacksIt() {
    Catalogue catalogue =
        new Catalogue(
            List.of(
                new Catalogue.Entry(
                    "acme",
                    "dev.rr:rr-plugin-acme:1",
                    false,
                    List.of("http.ssl.acme"),
                    List.of(Catalogue.Offer.of(Certificates.class, "acme")))));
    assertThatThrownBy(() ->
            TestServer.with(HttpWorkers.echoingContext())
                .ssl(ssl(true))
                .present("http.ssl.acme")
                .catalogue(catalogue)
                .start())
        .hasMessage(
            "http.ssl.acme: is not in this binary; add dev.rr:rr-plugin-acme:1 to the build");
  }

  @Test
  void saysThatFilesAreNotUsedBesideIt() throws Exception {
    HttpConfig.Ssl both = new HttpConfig.Ssl("127.0.0.1:0", false, "no.key", "no.crt", "", "");
    try (TestServer server =
        TestServer.with(HttpWorkers.echoingContext())
            .ssl(both)
            .present("http.ssl.acme")
            .certificates(managed())
            .start()) {
      assertThat(server.log()).anyMatch(l -> l.contains("are not used beside http.ssl.acme"));
    }
  }
}

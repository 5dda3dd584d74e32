package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.net.AddressForms;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.FakePool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class Http2AndTlsTest {
  @TempDir static Path dir;

  /** Makes key pairs with the JDK's own tool and writes them as PEM. */
  @BeforeAll
  static void makeKeys() throws Exception {
    TestKeys.make(dir, "one", "RSA");
    TestKeys.make(dir, "two", "EC");
  }

  private static HttpConfig.Ssl ssl(String name, boolean redirect, String ca, String auth) {
    return new HttpConfig.Ssl(
        "127.0.0.1:0",
        redirect,
        dir.resolve(name + ".key").toString(),
        dir.resolve(name + ".crt").toString(),
        ca.isEmpty() ? "" : dir.resolve(ca + ".crt").toString(),
        auth);
  }

  private static HttpClient client(@Nullable String identity, @Nullable String[] seen)
      throws Exception {
    KeyManagerFactory keys = null;
    if (identity != null) {
      keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(
          KeyStore.getInstance(dir.resolve(identity + ".p12").toFile(), "secret".toCharArray()),
          "secret".toCharArray());
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        keys == null ? null : keys.getKeyManagers(), new TrustManager[] {new Anybody(seen)}, null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  /** Trusts everybody, and remembers whom. */
  private static final class Anybody extends X509ExtendedTrustManager {
    private final @Nullable String[] seen;

    Anybody(@Nullable String[] seen) {
      this.seen = seen;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {
      seen[0] = chain[0].getSubjectX500Principal().getName();
    }

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {
      seen[0] = chain[0].getSubjectX500Principal().getName();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static HttpResponse<String> get(HttpClient client, int port, String target)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + target)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "two"})
  void speaksHttp2OverTls(String key) throws Exception {
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingContext()).ssl(ssl(key, false, "", "")).start();
        HttpClient client = client(null, new String[1])) {
      HttpResponse<String> answer = get(client, server.lastPort(), "/a?b=c");
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body())
          .contains("\"protocol\":\"HTTP/2.0\"")
          .contains("\"uri\":\"https://127.0.0.1:" + server.lastPort() + "/a?b=c\"")
          .contains("\"User-Agent\":");
    }
  }

  @Test
  void speaksHttp11OverTls() throws Exception {
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingBody()).ssl(ssl("one", false, "", "")).start();
        HttpClient client = client(null, new String[1])) {
      byte[] body = new byte[2_000_000];
      Arrays.fill(body, (byte) 'x');
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.lastPort() + "/"))
                  .version(HttpClient.Version.HTTP_1_1)
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(answer.body()).isEqualTo(body);
    }
  }

  @Test
  void carriesLargeBodiesBothWaysOverHttp2() throws Exception {
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingBody()).ssl(ssl("one", false, "", "")).start();
        HttpClient client = client(null, new String[1])) {
      byte[] body = new byte[5_000_000];
      Arrays.fill(body, (byte) 'y');
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.lastPort() + "/"))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).isEqualTo(body);
    }
  }

  @Test
  void sendsPlainRequestsToTheTlsListener() throws Exception {
    HttpConfig.Ssl ssl =
        new HttpConfig.Ssl(
            "127.0.0.1:8443",
            true,
            dir.resolve("one.key").toString(),
            dir.resolve("one.crt").toString(),
            "",
            "");
    RedirectHandler handler =
        new RedirectHandler(AddressForms.LISTENER.parse(ssl.address()).port());
    var request = dev.rr.testing.http.FakeRequest.get("/search?q=hello&lang=en");
    var response = new dev.rr.testing.http.FakeResponse();
    handler.handle(request, response);
    assertThat(response.status()).isEqualTo(308);
    assertThat(response.headers().get("Location"))
        .isEqualTo("https://example.com:8443/search?q=hello&lang=en");
    assertThat(response.headers().get("Strict-Transport-Security"))
        .isEqualTo("max-age=31536000; includeSubDomains; preload");
  }

  @ParameterizedTest
  @CsvSource({
    "no_client_cert,false,true",
    "no_client_certs,false,true",
    "request_client_cert,false,true",
    "request_client_cert,true,true",
    "require_any_client_cert,false,false",
    "require_any_client_cert,true,true",
    "verify_client_cert_if_given,false,true",
    "verify_client_cert_if_given,true,true",
    "require_and_verify_client_cert,false,false",
    "require_and_verify_client_cert,true,true"
  })
  void asksClientsForWhatIsConfigured(String auth, boolean withCertificate, boolean works)
      throws Exception {
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingContext())
                .ssl(ssl("one", false, "two", auth))
                .start();
        HttpClient client = client(withCertificate ? "two" : null, new String[1])) {
      if (works) {
        assertThat(get(client, server.lastPort(), "/").statusCode()).isEqualTo(200);
      } else {
        assertThatThrownBy(() -> get(client, server.lastPort(), "/"))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void asksNobodyWithoutAuthoritiesToCheckAgainst() throws Exception {
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingContext())
                .ssl(ssl("one", false, "", "require_and_verify_client_cert"))
                .start();
        HttpClient client = client(null, new String[1])) {
      assertThat(get(client, server.lastPort(), "/").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void refusesAClientCertificateOfAStranger() throws Exception {
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingContext())
                .ssl(ssl("one", false, "two", "require_and_verify_client_cert"))
                .start();
        HttpClient client = client("one", new String[1])) {
      assertThatThrownBy(() -> get(client, server.lastPort(), "/")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void takesANewCertificateWithoutARestart() throws Exception {
    Files.copy(dir.resolve("one.key"), dir.resolve("live.key"));
    Files.copy(dir.resolve("one.crt"), dir.resolve("live.crt"));
    try (TestServer server =
        TestServer.with(HttpWorkers.echoingContext()).ssl(ssl("live", false, "", "")).start()) {
      assertThat(subject(server)).isEqualTo("CN=one");
      Files.copy(
          dir.resolve("two.key"), dir.resolve("live.key"), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(
          dir.resolve("two.crt"), dir.resolve("live.crt"), StandardCopyOption.REPLACE_EXISTING);
      TestServer.await(
          () -> server.log().stream().anyMatch(l -> l.contains("INFO certificate reloaded")));
      assertThat(subject(server)).isEqualTo("CN=two");
    }
  }

  private static @Nullable String subject(TestServer server) throws Exception {
    String[] seen = new String[1];
    try (HttpClient client = client(null, seen)) {
      assertThat(get(client, server.lastPort(), "/").statusCode()).isEqualTo(200);
    }
    return seen[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {":hello", ":", "a:b:c", "127.0.0.1:555:1", ":99999", ":-1", "host"})
  void refusesAnAddressThatIsNone(String address) {
    HttpConfig.Ssl ssl =
        new HttpConfig.Ssl(
            address,
            false,
            dir.resolve("one.key").toString(),
            dir.resolve("one.crt").toString(),
            "",
            "");
    assertThatThrownBy(() -> TestServer.with(HttpWorkers.echoingContext()).ssl(ssl).start())
        .hasMessageContaining("http.ssl.address: '" + address + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "example.com,/search?q=hello&lang=en,https://example.com:%d/search?q=hello&lang=en",
    "example.com,/,https://example.com:%d/",
    "example.com:8080,/a%20b,https://example.com:%d/a%20b",
    "[::1]:8080,/,https://[::1]:%d/"
  })
  void redirectsPlainRequestsAndRunsNothingForThem(String host, String target, String location)
      throws Exception {
    int port = dev.rr.testing.server.TestServer.freePort();
    HttpConfig.Ssl ssl =
        new HttpConfig.Ssl(
            "127.0.0.1:" + port,
            true,
            dir.resolve("one.key").toString(),
            dir.resolve("one.crt").toString(),
            "",
            "");
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.with(pool).ssl(ssl).start();
        RawClient client = new RawClient(server.connect())) {
      client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 308 ")
          .contains("Location: " + location.replace("%d", "" + port) + "\r\n")
          .contains("Strict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void tellsHowManyStreamsThereMayBe() throws Exception {
    try (TestServer server = TestServer.with(HttpWorkers.echoingContext()).h2c().start();
        FrameClient client = new FrameClient(server)) {
      byte[] settings =
          client
              .send()
              .readUntil(f -> f.type() == FrameClient.SETTINGS && f.payload().length > 0)
              .payload();
      int streams = -1;
      for (int at = 0; at < settings.length; at += 6) {
        if (settings[at + 1] == 3) {
          streams = java.nio.ByteBuffer.wrap(settings, at + 2, 4).getInt();
        }
      }
      assertThat(streams).isEqualTo(128);
    }
  }

  @Test
  void answersOptionsStarItself() throws Exception {
    byte[] head =
        FrameClient.fields(
            ":method", "OPTIONS", ":scheme", "http", ":authority", "h", ":path", "*");
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.with(pool).h2c().start();
        FrameClient client = new FrameClient(server)) {
      var frame =
          client
              .frame(FrameClient.HEADERS, FrameClient.END_HEADERS | FrameClient.END_STREAM, 1, head)
              .send()
              .readUntil(f -> f.ends(1));
      assertThat(frame.type()).isEqualTo(FrameClient.HEADERS);
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void logsEachStreamOnce() throws Exception {
    byte[] head =
        FrameClient.fields(":method", "GET", ":scheme", "http", ":path", "/x", ":authority", "h");
    try (TestServer server = TestServer.with(HttpWorkers.echoingContext()).h2c().start();
        FrameClient client = new FrameClient(server)) {
      for (int stream = 1; stream <= 5; stream += 2) {
        int id = stream;
        client
            .frame(FrameClient.HEADERS, FrameClient.END_HEADERS | FrameClient.END_STREAM, id, head)
            .send()
            .readUntil(f -> f.ends(id));
      }
      TestServer.await(
          () -> server.log().stream().filter(l -> l.contains("http log")).count() == 3);
    }
  }

  @Test
  void namesWhatIsWrongWithTheTlsSection() {
    HttpConfig.Ssl wrong = new HttpConfig.Ssl(":hello", true, "missing.key", "", "no.pem", "maybe");
    assertThatThrownBy(() -> TestServer.with(HttpWorkers.echoingContext()).ssl(wrong).start())
        .hasMessageContaining("http.ssl.address: ':hello' is no address: 'hello' is no port")
        .hasMessageContaining("http.ssl.cert: key and cert come together")
        .hasMessageContaining("http.ssl.key: key file 'missing.key' does not exist")
        .hasMessageContaining("http.ssl.root_ca")
        .hasMessageContaining("http.ssl.client_auth_type: 'maybe' is unknown");
  }

  private static String curl(String... arguments) throws Exception {
    java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of("curl", "-s"));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return out;
  }

  @Test
  void speaksH2cToClientsThatBeginWithIt() throws Exception {
    try (TestServer server = TestServer.with(HttpWorkers.echoingContext()).h2c().start()) {
      assertThat(curl("-i", "--http2-prior-knowledge", server.uri("/x").toString()))
          .startsWith("HTTP/2 200")
          .contains("\"protocol\":\"HTTP/2.0\"");
      assertThat(curl("-i", "--http2", server.uri("/x").toString()))
          .startsWith("HTTP/1.1 200")
          .contains("\"Upgrade\":[\"h2c\"]");
    }
    try (TestServer server = TestServer.start(HttpWorkers.echoingContext())) {
      assertThat(curl("-i", "--http2-prior-knowledge", server.uri("/x").toString()))
          .doesNotContain("HTTP/2 200");
    }
  }

  @Test
  void sendsHintsAndTrailersOverHttp2() throws Exception {
    FakePool pool =
        FakePool.answering(
            "{\"status\":200,\"headers\":{\"Http2-Push\":[\"/a.css\"],\"Trailer\":[\"X-Sum\"],"
                + "\"X-Sum\":[\"9\"],\"Connection\":[\"close\"]}}",
            "body");
    try (TestServer server = TestServer.with(pool).h2c().start()) {
      assertThat(curl("-i", "--http2-prior-knowledge", server.uri("/").toString()))
          .startsWith("HTTP/2 103")
          .contains("link: </a.css>; rel=preload; as=style", "HTTP/2 200", "x-sum: 9")
          .doesNotContain("connection", "http2-push");
    }
  }
}

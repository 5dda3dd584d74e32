package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.PoolConfig;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.PhpPackages;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The packages that applications use, under real PHP, asked in every way there is. */
@Tag(PhpPackages.TAG)
@Timeout(90)
@ExtendWith(LeakCheck.class)
class PhpPackagesTest {
  @TempDir Path folder;

  @BeforeEach
  void findPackages() {
    var unused = PhpPackages.folder();
  }

  enum Way {
    HTTP_1,
    HTTP_2,
    FASTCGI
  }

  /** A server and a client that reaches it in one way. */
  private final class Served implements AutoCloseable {
    final TestServer server;
    private final Way way;
    private final HttpClient client;
    private final AutoCloseable front;
    final String base;

    Served(Way way) throws Exception {
      this.way = way;
      Path uploads = Files.createDirectory(folder.resolve("uploads"));
      TestServer.Builder builder =
          TestServer.with(PhpWorkers.pool(folder, "psr7-worker.php", PoolConfig.of(2)))
              .uploads(uploads.toString(), List.of(".exe"), List.of());
      switch (way) {
        case HTTP_1 -> {
          server = builder.start();
          client = HttpClient.newHttpClient();
          front = client;
          base = "http://127.0.0.1:" + server.port();
        }
        case HTTP_2 -> {
          TestKeys.make(folder, "k", "EC");
          server = builder.ssl(ssl()).start();
          client = HttpClient.newBuilder().sslContext(trusting()).build();
          front = client;
          base = "https://127.0.0.1:" + server.lastPort();
        }
        default -> {
          server = builder.fcgi("127.0.0.1:0").start();
          Nginx nginx = new Nginx(folder, "127.0.0.1:" + server.port(), true, true);
          client = nginx.client();
          front = nginx;
          base = nginx.to("").build().uri().toString();
        }
      }
    }

    private HttpConfig.Ssl ssl() {
      return new HttpConfig.Ssl(
          "127.0.0.1:0",
          false,
          folder.resolve("k.key").toString(),
          folder.resolve("k.crt").toString(),
          "",
          "");
    }

    private SSLContext trusting() throws Exception {
      KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
      known.load(null, null);
      try (var in = Files.newInputStream(folder.resolve("k.crt"))) {
        known.setCertificateEntry(
            "k", CertificateFactory.getInstance("X.509").generateCertificate(in));
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(known);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    }

    HttpRequest.Builder to(String target) {
      return HttpRequest.newBuilder(URI.create(base + target))
          .version(way == Way.HTTP_2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      assertThat(answer.version() == HttpClient.Version.HTTP_2).isEqualTo(way == Way.HTTP_2);
      return answer;
    }

    HttpResponse<String> post(String type, byte[] body) throws Exception {
      return send(
          to("/post")
              .header("Content-Type", type)
              .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    @Override
    public void close() throws Exception {
      front.close();
      server.close();
      try (var left = Files.list(folder.resolve("uploads"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  private static String md5(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void requestsReachTheApplicationWhole(Way way) throws Exception {
    try (Served served = new Served(way)) {
      HttpResponse<String> answer =
          served.send(
              served
                  .to("/a%20b?q=%C3%A9&l[]=1&l[]=2")
                  .header("X-In", "x")
                  .header("Cookie", "k=v%20w; l=m"));
      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(answer.headers().allValues("X-Out")).containsExactly("a", "b");
      assertThat(answer.headers().firstValue("Set-Cookie")).hasValue("k=v");
      assertThat(answer.body())
          .startsWith("{\"method\":\"GET\",\"uri\":\"http")
          .contains("/a%20b?q=%C3%A9&l")
          .contains("\"remote\":\"127.0.0.1\",\"query\":{\"q\":\"é\",\"l\":[\"1\",\"2\"]}")
          .contains("\"cookies\":{\"k\":\"v w\",\"l\":\"m\"},\"in\":[\"x\"],\"parsed\":null")
          .contains("\"files\":[],\"body\":\"" + md5(new byte[0]) + "\"}");
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void bodiesFormsAndFilesReachTheApplication(Way way) throws Exception {
    try (Served served = new Served(way)) {
      byte[] large = utf8("0123456789é".repeat(200_000));
      assertThat(served.post("application/octet-stream", large).body())
          .contains("\"parsed\":null")
          .endsWith("\"body\":\"" + md5(large) + "\"}");
      assertThat(
              served
                  .post("application/x-www-form-urlencoded", utf8("a[x][]=1&a[x][]=2&b=%C3%A9"))
                  .body())
          .contains("\"parsed\":{\"a\":{\"x\":[\"1\",\"2\"]},\"b\":\"é\"}");
      String parts =
          """
          --x
          Content-Disposition: form-data; name="doc"; filename="é.txt"
          Content-Type: text/plain

          %s
          --x
          Content-Disposition: form-data; name="bad"; filename="b.EXE"

          never
          --x
          Content-Disposition: form-data; name="title"

          hello
          --x--
          """
              .replace("\n", "\r\n")
              .formatted("content".repeat(100_000));
      assertThat(served.post("multipart/form-data; boundary=x", utf8(parts)).body())
          .contains("\"parsed\":{\"title\":\"hello\"}")
          .contains(
              "\"doc\":[\"é.txt\",\"text/plain\",0,\""
                  + md5(utf8("content".repeat(100_000)))
                  + "\"]")
          .contains("\"bad\":[\"b.EXE\",\"\",8,null]");
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void answersOfEveryKindReachTheClient(Way way) throws Exception {
    try (Served served = new Served(way)) {
      StringBuilder lines = new StringBuilder();
      for (int i = 1; i <= 10; i++) {
        lines.append("line ").append(i).append('\n');
      }
      assertThat(served.send(served.to("/stream")).body()).isEqualTo(lines.toString());
      assertThat(served.send(served.to("/breaks")).body()).isEqualTo("line 1\nline 2\n");
      assertThat(served.send(served.to("/large")).body())
          .isEqualTo("0123456789abcdef".repeat(65_536));
      HttpResponse<String> hinted = served.send(served.to("/hints"));
      assertThat(hinted.statusCode()).isEqualTo(404);
      assertThat(hinted.headers().firstValue("X-Marker")).hasValue("probe");
      assertThat(hinted.headers().firstValue("Link")).isEmpty();
      assertThat(hinted.body()).isEqualTo("body");
      HttpResponse<String> head =
          served.send(served.to("/large").method("HEAD", HttpRequest.BodyPublishers.noBody()));
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anApplicationThatFailsCostsItsRequestAndNoOther(Way way) throws Exception {
    try (Served served = new Served(way)) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> thrown = served.send(served.to("/error"));
        assertThat(thrown.statusCode()).isEqualTo(500);
        assertThat(thrown.body()).isEmpty();
        assertThat(served.send(served.to("/exit")).statusCode()).isEqualTo(500);
        assertThat(served.send(served.to("/")).statusCode()).isEqualTo(201);
      }
      TestServer.await(() -> served.server.plugin().pool().workers().size() == 2);
    }
  }

  @Test
  void curlSeesHintsAndStreamsInTheClearAndOverTls() throws Exception {
    try (Served served = new Served(Way.HTTP_2)) {
      String ca = folder.resolve("k.crt").toString();
      for (String version : List.of("--http1.1", "--http2")) {
        assertThat(curl("-i", version, "--cacert", ca, served.base + "/hints"))
            .matches("(?s)HTTP/\\S+ 103.*</a.css>; rel=preload.*HTTP/\\S+ 404.*body");
        assertThat(curl(version, "--cacert", ca, served.base + "/stream")).endsWith("line 10\n");
      }
    }
  }

  private static String curl(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("curl", "-sS"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return out;
  }
}

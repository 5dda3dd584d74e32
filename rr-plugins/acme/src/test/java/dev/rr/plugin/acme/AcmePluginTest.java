package dev.rr.plugin.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rr.api.config.Configurer;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.tls.Identity;
import dev.rr.config.Configuration;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against Pebble, the test server of Let's Encrypt. */
@Timeout(120)
class AcmePluginTest {
  private static final int MONTH = 30 * 24 * 3600;

  @TempDir Path dir;
  private final RecordingLog log = new RecordingLog();
  private final List<AcmePlugin> started = new ArrayList<>();
  private String httpAddress = "127.0.0.1:1";

  private AcmePlugin start(Pebble pebble, String keys) throws Exception {
    return start(pebble.directory(), pebble.root(), keys);
  }

  private AcmePlugin start(String directory, Path root, String keys) throws Exception {
    AcmePlugin made = plugin(directory, root, keys);
    assertThat(FoundProblems.of(made)).isEmpty();
    made.start();
    started.add(made);
    return made;
  }

  private AcmePlugin plugin(String directory, Path root, String keys) throws Exception {
    Files.writeString(
        dir.resolve(".rr.yaml"),
        """
        version: "3"
        http:
          address: %s
          ssl:
            acme:
              email: me@example.com
              cache_dir: cache
              directory: %s
              root_ca: %s
        """
                .formatted(httpAddress, directory, root)
            + keys.indent(6));
    Configurer configurer = Configuration.read(dir.resolve(".rr.yaml"));
    return new AcmePlugin(
        configurer.bind(AcmeConfigBinder.INSTANCE), configurer, new FakeHost(dir), n -> log);
  }

  @AfterEach
  void stop() throws Exception {
    for (AcmePlugin plugin : started) {
      plugin.stop(Deadline.after(Duration.ofSeconds(5)));
    }
    started.clear();
    Await.until(
        "its threads ended",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().startsWith("acme-")));
  }

  private static String http(Pebble pebble, String domains) {
    return "domains: [" + domains + "]\nalt_http_port: " + pebble.httpPort + "\n";
  }

  private static String tls(Pebble pebble, String domains) {
    return "domains: ["
        + domains
        + "]\nchallenge_type: tlsalpn-01\nalt_tlsalpn_port: "
        + pebble.tlsPort
        + "\n";
  }

  private static List<String> names(Identity identity) throws Exception {
    return identity.certificate().getSubjectAlternativeNames().stream()
        .map(n -> String.valueOf(n.get(1)))
        .sorted()
        .toList();
  }

  private static String issuer(Identity identity) {
    return identity.certificate().getIssuerX500Principal().getName();
  }

  @Test
  void obtainsACertificateForAllDomainsOverHttpAndKeepsItToItself() throws Exception {
    try (Pebble pebble = new Pebble(dir, MONTH)) {
      Identity identity = start(pebble, http(pebble, "one.example, Two.example")).current();
      assertThat(names(identity)).containsExactly("one.example", "two.example");
      assertThat(issuer(identity)).contains("Pebble Intermediate CA");
      assertThat(identity.chain()).hasSizeGreaterThan(1);
      assertThat(identity.key().getAlgorithm()).isEqualTo("EC");
      assertThatThrownBy(() -> new Socket("127.0.0.1", pebble.httpPort).close())
          .as("nobody is expected there any more")
          .isInstanceOf(IOException.class);
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(dir.resolve("cache"))) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    assertThat(files)
        .extracting(f -> f.getFileName().toString())
        .containsExactlyInAnyOrder("account.key", "one.example.pem");
    assertThat(files)
        .extracting(f -> PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
        .containsOnly("rw-------");
  }

  @Test
  void bearsEveryOrderOfStartAndStop() throws Exception {
    try (Pebble pebble = new Pebble(dir, MONTH);
        ServerSocket taken = new ServerSocket(0)) {
      String failing = "domains: [two.example]\nalt_http_port: " + taken.getLocalPort() + "\n";
      // The first certificate is obtained here; the connections that this leaves are the JDK's.
      start(pebble, http(pebble, "one.example"));
      LifecycleContract.holds(
          () -> plugin(pebble.directory(), pebble.root(), http(pebble, "one.example")),
          () -> plugin(pebble.directory(), pebble.root(), failing));
    }
  }

  @Test
  void obtainsACertificateOverTls() throws Exception {
    try (Pebble pebble = new Pebble(dir, MONTH)) {
      AcmePlugin plugin = start(pebble, tls(pebble, "one.example, two.example"));
      assertThat(names(plugin.current())).containsExactly("one.example", "two.example");
      assertThat(plugin.challenge("one.example")).isEmpty();
    }
  }

  @Test
  void usesTheCertificateOfTheLastRunWithoutAskingAnybody() throws Exception {
    Identity first;
    String keys;
    String directory;
    Path root;
    try (Pebble pebble = new Pebble(dir, MONTH)) {
      keys = http(pebble, "one.example, two.example");
      directory = pebble.directory();
      root = pebble.root();
      first = start(pebble, keys).current();
      stop();
    }
    assertThat(start(directory, root, keys).current()).isEqualTo(first);
    stop();
    // One domain less is covered as well, one more is not.
    assertThat(start(directory, root, keys.replace("one.example, two", "one")).current())
        .isEqualTo(first);
    stop();
    assertThatThrownBy(() -> start(directory, root, keys.replace("two.example", "three.example")))
        .hasMessageContaining(
            "no certificate for one.example, three.example: cannot ask " + directory);
  }

  @Test
  void obtainsANewCertificateWhenTheFileIsDamagedAndKeepsItsAccount() throws Exception {
    try (Pebble pebble = new Pebble(dir, MONTH)) {
      Identity first = start(pebble, http(pebble, "one.example")).current();
      stop();
      Path file;
      try (Stream<Path> walk = Files.walk(dir.resolve("cache"))) {
        file = walk.filter(f -> f.endsWith("one.example.pem")).findFirst().orElseThrow();
      }
      Files.writeString(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
      assertThat(start(pebble, http(pebble, "one.example")).current()).isNotEqualTo(first);
      assertThat(log.with("cannot be used, a new one is obtained")).hasSize(1);
      assertThat(pebble.log("There are now 1 accounts in memory")).isNotEmpty();
      assertThat(pebble.log("There are now 2 accounts in memory")).isEmpty();
    }
  }

  @Test
  void renewsBeforeTheEndAndTellsThoseWhoAsked() throws Exception {
    try (Pebble pebble = new Pebble(dir, 12)) {
      AcmePlugin plugin = start(pebble, http(pebble, "one.example"));
      Identity first = plugin.current();
      List<Identity> told = new CopyOnWriteArrayList<>();
      plugin.onChange(told::add);
      Await.until("it was renewed", () -> !told.isEmpty());
      assertThat(told.getFirst()).isNotEqualTo(first);
      assertThat(first.certificate().getNotAfter().toInstant()).isAfter(Instant.now());
      assertThat(told.getFirst().key()).isNotEqualTo(first.key());
    }
  }

  @Test
  void renewsThroughTheListenerOfHttpWhenThatHasThePort() throws Exception {
    try (Pebble pebble = new Pebble(dir, 12)) {
      httpAddress = "127.0.0.1:" + pebble.httpPort;
      AcmePlugin plugin = start(pebble, http(pebble, "one.example"));
      Identity first = plugin.current();
      HttpServer http = HttpServer.create(new InetSocketAddress("127.0.0.1", pebble.httpPort), 0);
      http.createContext("/.well-known/acme-challenge/", exchange -> answer(exchange, plugin));
      http.start();
      try {
        Await.until("it was renewed", () -> plugin.current() != first);
      } finally {
        http.stop(0);
      }
    }
  }

  private static void answer(HttpExchange exchange, AcmePlugin plugin) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body =
        plugin
            .answer(path.substring(path.lastIndexOf('/') + 1))
            .orElse("")
            .getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void keepsTheOldCertificateAndTriesAgainWhenARenewalFails() throws Exception {
    try (Pebble pebble = new Pebble(dir, 15)) {
      AcmePlugin plugin = start(pebble, http(pebble, "one.example"));
      Identity first = plugin.current();
      try (ServerSocket taken = taken(pebble.httpPort)) {
        Await.until("a renewal failed", () -> !log.with("certificate not renewed").isEmpty());
        assertThat(log.with("certificate not renewed").getFirst())
            .contains("WARN", "(alt_http_port)", "next_try_in");
        assertThat(plugin.current()).isEqualTo(first);
        assertThat(taken.isBound()).isTrue();
      }
      Await.until("it was renewed", () -> plugin.current() != first);
    }
  }

  private static ServerSocket taken(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), port));
    return socket;
  }

  @Test
  void saysWhyTheAuthorityRefuses() throws Exception {
    try (Pebble pebble = new Pebble(dir, MONTH)) {
      assertThatThrownBy(() -> start(pebble, http(pebble, "one.example, nowhere.example")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "http.ssl.acme: no certificate for one.example, nowhere.example: the authority could"
                  + " not see that nowhere.example is ours (http-01): ")
          .message()
          .doesNotContain("\n");
      assertThatThrownBy(() -> start(pebble, http(pebble, "blocked.example")))
          .hasMessageContaining("no certificate for blocked.example: the authority answered: ")
          .message()
          .contains("policy")
          .doesNotContain("\n");
    }
  }

  @Test
  void saysThatTheDirectoryCannotBeAskedOrIsNotTrusted() throws Exception {
    try (Pebble pebble = new Pebble(dir, MONTH)) {
      String keys = http(pebble, "one.example");
      assertThatThrownBy(() -> start("https://127.0.0.1:1/dir", pebble.root(), keys))
          .hasMessage(
              "http.ssl.acme: no certificate for one.example: cannot ask https://127.0.0.1:1/dir:"
                  + " nobody listens there, or its name is unknown");
      Pebble.run(
          dir,
          "openssl",
          "req",
          "-x509",
          "-newkey",
          "rsa:2048",
          "-nodes",
          "-subj",
          "/CN=other",
          "-keyout",
          "other.key",
          "-out",
          "other.crt");
      assertThatThrownBy(() -> start(pebble.directory(), dir.resolve("other.crt"), keys))
          .hasMessageContaining("cannot ask " + pebble.directory() + ": ")
          .hasMessageContaining("certificat");
    }
  }

  @Test
  void saysThatThePortIsTakenOrTheFolderCannotBeWritten() throws Exception {
    try (Pebble pebble = new Pebble(dir, MONTH);
        ServerSocket taken = taken(pebble.httpPort)) {
      assertThatThrownBy(() -> start(pebble, http(pebble, "one.example")))
          .hasMessage(
              "http.ssl.acme: no certificate for one.example: cannot listen on 0.0.0.0:"
                  + taken.getLocalPort()
                  + " for http-01 (alt_http_port): Address already in use");
      assertThat(pebble.log("accounts in memory")).isEmpty();
      Files.delete(dir.resolve("cache/127.0.0.1-" + pebble.port + "-dir"));
      Files.delete(dir.resolve("cache"));
      Files.writeString(dir.resolve("cache"), "a file");
      assertThatThrownBy(() -> start(pebble, http(pebble, "one.example")))
          .hasMessageStartingWith("http.ssl.acme.cache_dir: cannot write to 'cache': ");
    }
  }

  @Test
  void answersOnlyTheQuestionsThatAreExpected() throws Exception {
    Challenges challenges = new Challenges();
    challenges.answer("token", "token.thumbprint");
    int port = TestServer.freePort();
    try (ChallengePort open = ChallengePort.http(port, challenges)) {
      assertThat(open).isNotNull();
      assertThat(ask(port, "GET /.well-known/acme-challenge/token HTTP/1.1\r\nHost: a\r\n\r\n"))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .endsWith("\r\n\r\ntoken.thumbprint");
      for (String other :
          List.of(
              "GET /.well-known/acme-challenge/other HTTP/1.1\r\n\r\n",
              "GET / HTTP/1.1\r\n\r\n",
              "POST /.well-known/acme-challenge/token HTTP/1.1\r\n\r\n",
              "\r\n\r\n")) {
        assertThat(ask(port, other)).startsWith("HTTP/1.1 404 Not Found\r\n");
      }
      assertThat(ask(port, "x".repeat(20_000))).isEmpty();
    }
    assertThatThrownBy(() -> ask(port, "GET / HTTP/1.1\r\n\r\n")).isInstanceOf(IOException.class);
  }

  private static String ask(int port, String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (SocketException reset) {
      if (request.length() > 10_000) {
        return "";
      }
      throw reset;
    }
  }
}

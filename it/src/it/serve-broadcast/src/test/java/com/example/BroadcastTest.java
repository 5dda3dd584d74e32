package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import dev.rr.testing.worker.ProcessCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients over WebSocket and server-sent events, PHP that lets them in, PHP that publishes. */
class BroadcastTest {
  private static final Path RR = Path.of(System.getProperty("rr.it.file"));
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final Path SCRIPTS = TOP.resolve("it/src/it/serve-broadcast/src/test/php");
  private static final Path CLIENT =
      TOP.resolve("rr-plugins/lib/testing/src/main/resources/dev/rr/testing/rpc/rpc-client.php");

  private final int port = RrServer.freePort();
  private final int figures = RrServer.freePort();
  private final String rpc = "tcp://127.0.0.1:" + RrServer.freePort();

  @TempDir Path folder;

  private RrServer start() throws IOException {
    return start("{driver: memory, config: {}}");
  }

  private RrServer start(String broker) throws IOException {
    return start(broker, "" + SCRIPTS.resolve("worker.php"));
  }

  private RrServer start(String broker, String worker) throws IOException {
    RrServer.configure(folder, config(broker, worker));
    return RrServer.start(rr("serve"), port);
  }

  private String config(String broker, String worker) {
    return """
    version: "3"
    rpc: {listen: "%s"}
    server: {command: "php -d display_errors=stderr %s"}
    metrics: {address: "127.0.0.1:%d"}
    http:
      address: "127.0.0.1:%d"
      middleware: [websockets]
      pool: {num_workers: 1}
    broadcast: {main: %s}
    websockets: {broker: main, pool: {num_workers: 1}, events: {path: /events}}
    """
        .formatted(rpc, worker, figures, port, broker);
  }

  private ShellCommand rr(String... words) {
    List<String> command = new ArrayList<>(List.of(RR.toString()));
    command.addAll(List.of(words));
    command.addAll(List.of("-c", ".rr.yaml"));
    return ShellCommand.in(folder, command.toArray(String[]::new));
  }

  private String publish(String method, String payload, String... topics) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "php",
                SCRIPTS.resolve("publish.php").toString(),
                CLIENT.toString(),
                rpc,
                method,
                payload));
    command.addAll(List.of(topics));
    return ShellCommand.in(folder, command.toArray(String[]::new)).run().out().strip();
  }

  /** A client that keeps what it gets. */
  private static final class Client implements WebSocket.Listener {
    final List<String> got = new CopyOnWriteArrayList<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        got.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      got.add("close " + code);
      return null;
    }

    List<String> got(int count) {
      RrServer.await(count + " messages", () -> got.size() >= count);
      return List.copyOf(got);
    }
  }

  private WebSocket connect(Client client, String query) {
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .header("X-Client", "it")
        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws" + query), client)
        .join();
  }

  private static void say(WebSocket socket, String command, String topic) {
    String text = "{\"command\":\"" + command + "\",\"topics\":[\"" + topic + "\"]}";
    var unused = socket.sendText(text, true).join();
  }

  @Test
  void clientsJoinWhatPhpLetsThemAndGetWhatPhpPublishes() throws Exception {
    try (RrServer server = start()) {
      assertDenied("?token=bad");
      // The pages of the same port are still PHP's.
      assertThat(get("/other")).startsWith("page ");
      Client client = new Client();
      WebSocket socket = connect(client, "?token=good");
      say(socket, "join", "foo");
      say(socket, "join", "secret");
      assertThat(client.got(2))
          .containsExactly(
              "{\"topic\":\"@join\",\"payload\":[\"foo\"]}",
              "{\"topic\":\"#join\",\"payload\":[\"secret\"]}");
      assertThat(publish("broadcast.Publish", "hello, PHP", "foo", "secret")).isEqualTo("0801");
      assertThat(publish("broadcast.PublishAsync", "again", "foo")).isEqualTo("0801");
      assertThat(client.got(4).subList(2, 4))
          .containsExactly(
              "{\"topic\":\"foo\",\"payload\":\"hello, PHP\"}",
              "{\"topic\":\"foo\",\"payload\":\"again\"}");

      assertThat(rr("workers").run().out()).contains("websockets");
      assertThat(rr("reset", "websockets").run().exit()).isZero();
      say(socket, "leave", "foo");
      say(socket, "join", "bar");
      assertThat(client.got(6).subList(4, 6))
          .containsExactly(
              "{\"topic\":\"@leave\",\"payload\":[\"foo\"]}",
              "{\"topic\":\"@join\",\"payload\":[\"bar\"]}");
      assertThat(scrape())
          .contains("rr_websockets_connections{transport=\"websocket\"} 1")
          .contains("rr_broadcast_published_total{broker=\"main\"}");
      assertThat(server.stop()).isZero();
      assertThat(client.got(7)).last().isEqualTo("close 1001");
    }
  }

  private void assertDenied(String query) {
    assertThatThrownBy(() -> connect(new Client(), query))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> {
              assertThat(e.getResponse().statusCode()).isEqualTo(401);
              assertThat(e.getResponse().headers().firstValue("stop")).contains("we-dont-like-you");
            });
  }

  @Test
  @Tag("php-packages")
  void theRealPackagesLetClientsInAndPublish() throws Exception {
    Path autoload = Path.of(System.getenv("RR_PHP_PACKAGES"), "autoload.php");
    String worker = SCRIPTS.resolve("package-worker.php") + " " + autoload;
    try (RrServer server = start("{driver: memory}", worker)) {
      assertDenied("?token=bad");
      Client client = new Client();
      WebSocket socket = connect(client, "?token=good");
      say(socket, "join", "secret");
      say(socket, "join", "foo");
      assertThat(client.got(2)).last().asString().contains("@join");
      String script = SCRIPTS.resolve("package.php").toString();
      assertThat(ShellCommand.in(folder, "php", script, "" + autoload, rpc).run().exit()).isZero();
      assertThat(client.got(5))
          .containsExactly(
              "{\"topic\":\"#join\",\"payload\":[\"secret\"]}",
              "{\"topic\":\"@join\",\"payload\":[\"foo\"]}",
              "{\"topic\":\"foo\",\"payload\":\"hello\"}",
              "{\"topic\":\"foo\",\"payload\":\"{\\\"title\\\":\\\"PHP\\\"}\"}",
              "{\"topic\":\"foo\",\"payload\":\"to one\"}");
      assertThat(server.stop()).isZero();
    }
  }

  @Test
  void eventsComeOverPlainHttpAndWhatWasMissedAfterwards() throws Exception {
    try (RrServer server = start()) {
      String id;
      try (BufferedReader events = events("")) {
        assertThat(event(events)).contains("data: {\"topic\":\"@join\",\"payload\":[\"foo\"]}");
        assertThat(publish("broadcast.Publish", "1", "foo")).isEqualTo("0801");
        List<String> first = event(events);
        assertThat(first).contains("data: {\"topic\":\"foo\",\"payload\":\"1\"}");
        id = first.getFirst().substring("id: ".length());
      }
      assertThat(publish("broadcast.Publish", "2", "foo")).isEqualTo("0801");
      try (BufferedReader events = events(id)) {
        assertThat(event(events)).anyMatch(line -> line.contains("@join"));
        assertThat(event(events)).contains("data: {\"topic\":\"foo\",\"payload\":\"2\"}");
        assertThat(server.stop()).isZero();
        assertThat(events.readLine()).as("the end of the stream").isNull();
      }
    }
  }

  @Test
  void aBrowserJoinsByTheConnectionOfItsPageAndComesBackAfterARestart() throws Exception {
    int https = RrServer.freePort();
    ShellCommand.in(
            folder,
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-keyout",
            "k.key",
            "-out",
            "k.crt")
        .run();
    String tls =
        "access_logs: true\n  ssl: {address: \"127.0.0.1:" + https + "\", key: k.key, cert: k.crt}";
    String config = config("{driver: memory}", "" + SCRIPTS.resolve("worker.php"));
    RrServer.configure(
        folder, config.replace("middleware: [websockets]", "middleware: [websockets]\n  " + tls));
    Process browser = null;
    try {
      for (String payload : List.of("one", "two")) {
        try (RrServer server = RrServer.start(rr("serve"), port)) {
          if (browser == null) {
            browser = browser("https://127.0.0.1:" + https + "/page");
            seen(server, "h2");
          }
          seen(server, "ws-join-foo", "sse-join-foo");
          assertThat(publish("broadcast.Publish", payload, "foo")).isEqualTo("0801");
          seen(server, "ws-foo-" + payload, "sse-foo-" + payload);
          assertThat(server.stop()).isZero();
        }
      }
    } finally {
      if (browser != null) {
        end(browser);
      }
    }
  }

  /** Waits until the page has told what it got: it asks for as much, which the log shows. */
  private static void seen(RrServer server, String... all) {
    for (String one : all) {
      RrServer.await("the browser's " + one, () -> logged(server, "/seen?" + one));
    }
  }

  private static boolean logged(RrServer server, String text) {
    try {
      return server.log().contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process browser(String url) throws IOException {
    ProcessBuilder command =
        new ProcessBuilder(
            "chromium",
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--ignore-certificate-errors",
            "--remote-debugging-port=0",
            "--user-data-dir=" + folder.resolve("profile"),
            url);
    // What it leaves behind when it is killed goes with the folder.
    command.environment().put("TMPDIR", folder.toString());
    return command
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void end(Process browser) throws Exception {
    List<ProcessHandle> all =
        Stream.concat(browser.descendants(), Stream.of(browser.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> ProcessCheck.awaitEnd(process.pid()));
  }

  @Test
  void whatIsPublishedAtOneServerReachesTheClientsOfAnotherAlsoAfterRedisWasKilled()
      throws Exception {
    int redis = RrServer.freePort();
    Process first = redis(redis);
    String broker = "{driver: redis, config: {addrs: [\"127.0.0.1:" + redis + "\"]}}";
    Process second = null;
    try (RrServer server = start(broker)) {
      Client client = new Client();
      WebSocket socket = connect(client, "");
      RrServer.await(
          "a join",
          () -> {
            say(socket, "join", "foo");
            return client.got.stream().anyMatch(text -> text.contains("@join"));
          });
      // As another server does it.
      publishByHand(redis, "from afar");
      RrServer.await("it", () -> client.got.stream().anyMatch(t -> t.contains("from afar")));
      var unused = first.destroyForcibly().waitFor();
      second = redis(redis);
      RrServer.await(
          "a message behind the outage",
          () -> {
            publishByHand(redis, "again");
            return client.got.stream().anyMatch(t -> t.contains("again"));
          });
      assertThat(server.stop()).isZero();
    } finally {
      first.destroyForcibly();
      if (second != null) {
        second.destroyForcibly();
      }
    }
  }

  private Process redis(int at) throws IOException {
    return new ProcessBuilder(
            "redis-server",
            "--port",
            "" + at,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            "" + folder)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void publishByHand(int at, String payload) {
    var unused =
        ShellCommand.in(folder, "redis-cli", "-p", "" + at, "publish", "foo", payload).run();
  }

  private BufferedReader events(String lastId) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/events?topic=foo"));
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    var response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** The lines of the next event. */
  private static List<String> event(BufferedReader events) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = events.readLine();
        line != null && !line.isEmpty();
        line = events.readLine()) {
      lines.add(line);
    }
    return lines;
  }

  private String get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            BodyHandlers.ofString())
        .body();
  }

  private String scrape() {
    String url = "http://127.0.0.1:" + figures + "/metrics";
    return ShellCommand.in(folder, "curl", "-sS", "-m", "20", url).run().out();
  }
}

package dev.rr.plugin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.http.RawClient;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardPluginTest {
  private final FakeWorkers workers = new FakeWorkers(4);
  private Running server;

  @BeforeEach
  void start() throws IOException {
    server = Running.open(workers);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private void startAgain(DashboardConfig config) throws Exception {
    server.close();
    server = Running.start(config, workers);
  }

  private void askForToken() throws Exception {
    startAgain(new DashboardConfig("127.0.0.1:0", Running.TOKEN, false));
  }

  @Test
  void bearsWhatEveryPluginHasTo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      LifecycleContract.holds(
          () -> plugin("127.0.0.1:0"), () -> plugin("127.0.0.1:" + taken.getLocalPort()));
    }
  }

  private static DashboardPlugin plugin(String address) {
    return new DashboardPlugin(
        new DashboardConfig(address, "", false),
        new FakeHost(),
        name -> new RecordingLog(),
        Optional.empty());
  }

  // What is configured.

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:1", "localhost:1", "[::1]:1", "127.8.8.8:1"})
  void anAddressOfThisMachineAloneNeedsNoToken(String address) {
    assertThat(FoundProblems.of(new DashboardConfig(address, "", false), "dashboard")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {":1", "0.0.0.0:1", "10.0.0.1:1", "[::]:1", "example.org:1"})
  void anAddressThatOthersReachNeedsAToken(String address) {
    assertThat(FoundProblems.of(new DashboardConfig(address, "", false), "dashboard"))
        .singleElement()
        .asString()
        .contains("dashboard.token", "is missing", address, "openssl rand -hex 16");
    assertThat(FoundProblems.of(new DashboardConfig(address, Running.TOKEN, false), "dashboard"))
        .isEmpty();
  }

  @Test
  void aTokenThatCanBeGuessedIsRefused() {
    assertThat(FoundProblems.of(new DashboardConfig("127.0.0.1:1", "secret", false), "dashboard"))
        .singleElement()
        .asString()
        .contains("dashboard.token", "fewer than 16 characters")
        .doesNotContain("secret");
  }

  // What a browser may do with the page.

  @Test
  void everyAnswerKeepsOtherSitesAndInlineScriptsOut() throws Exception {
    for (String target : List.of("/", "/dashboard.js", "/nothing")) {
      assertThat(server.ask("GET", target))
          .contains("Content-Security-Policy: default-src 'none'; script-src 'self';")
          .contains("frame-ancestors 'none'", "X-Content-Type-Options: nosniff")
          .contains("Cache-Control: no-store")
          .doesNotContain("unsafe-inline")
          .doesNotContain("Access-Control-Allow");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "page.html",
        "login.html",
        "dashboard.js",
        "charts.js",
        "workers.js",
        "plugins.js",
        "log.js",
        "dom.js",
        "dashboard.css",
        "icon.svg"
      })
  void nothingOfThePageIsInlineOrFromElsewhere(String name) throws Exception {
    String file;
    try (var in = DashboardPlugin.class.getResourceAsStream(name)) {
      file = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
    String links = file.replace("http://www.w3.org/2000/svg", "");
    assertThat(links).doesNotContain("http:").doesNotContain("https:").doesNotContain("url(");
    assertThat(
            Pattern.compile("<script[^>]*>[^<]|<style|\\sstyle=|\\son[a-z]+=\"")
                .matcher(file)
                .find())
        .as("inline script or style")
        .isFalse();
    assertThat(file).doesNotContain("innerHTML").doesNotContain("eval(");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:2116", "127.0.0.1.evil.example", ""})
  void aNameThatPointsHereAndIsNotOursIsRefused(String host) throws Exception {
    assertThat(server.ask("GET", "/", "Host: " + host)).startsWith("HTTP/1.1 421 ");
    assertThat(server.ask("POST", "/pools/http/reset", "Host: " + host))
        .startsWith("HTTP/1.1 421 ");
    assertThat(workers.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:99", "127.0.0.1", "[::1]:2116", "[::1]"})
  void answersToTheNamesOfThisMachine(String host) throws Exception {
    assertThat(server.ask("GET", "/", "Host: " + host)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void otherMethodsAndPathsAreRefused() throws Exception {
    assertThat(server.ask("DELETE", "/")).startsWith("HTTP/1.1 405 ").contains("Allow: GET, HEAD");
    assertThat(server.ask("GET", "/../page.html")).doesNotStartWith("HTTP/1.1 200");
    assertThat(server.ask("GET", "/pools/http/reset")).startsWith("HTTP/1.1 404 ");
    assertThat(server.ask("HEAD", "/events")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
    assertThat(server.ask("HEAD", "/dashboard.css"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("\r\n\r\n");
  }

  // The token.

  @Test
  void withoutTheTokenThereIsAFormAndNothingElse() throws Exception {
    askForToken();

    assertThat(server.ask("GET", "/", "Host: any.example"))
        .startsWith("HTTP/1.1 401 ")
        .contains("action=\"/login\"")
        .doesNotContain("data-read-only");
    assertThat(server.ask("GET", "/events"))
        .startsWith("HTTP/1.1 401 ")
        .contains("WWW-Authenticate: Bearer");
    assertThat(server.ask("POST", "/pools/http/reset")).startsWith("HTTP/1.1 401 ");
    assertThat(server.ask("GET", "/dashboard.css")).startsWith("HTTP/1.1 200 ");
    assertThat(workers.asked).isEmpty();
  }

  @Test
  void aBearerSeesAndActs() throws Exception {
    askForToken();

    assertThat(server.ask("GET", "/", "Authorization: Bearer " + Running.TOKEN))
        .startsWith("HTTP/1.1 200 ");
    assertThat(server.ask("GET", "/", "Authorization: Bearer " + Running.TOKEN + "0"))
        .startsWith("HTTP/1.1 401 ");
    assertThat(server.ask("POST", "/pools/http/add", "Authorization: bearer " + Running.TOKEN))
        .startsWith("HTTP/1.1 200 ");
    assertThat(workers.asked).containsExactly("add");
  }

  @Test
  void whoSignsInGetsACookieThatNoScriptReads() throws Exception {
    askForToken();

    String answer = login(Running.TOKEN, "Origin: http://" + server.host());
    assertThat(answer).startsWith("HTTP/1.1 303 ").contains("Location: /\r\n");
    assertThat(answer).contains("; Path=/; HttpOnly; SameSite=Strict\r\n");
    assertThat(answer).doesNotContain(Running.TOKEN);
    String cookie = "Cookie: other=1; " + cookie(answer);
    assertThat(server.ask("GET", "/", cookie)).startsWith("HTTP/1.1 200 ");
    assertThat(server.ask("GET", "/", cookie + "0")).startsWith("HTTP/1.1 401 ");
    assertThat(server.ask("POST", "/pools/http/reset", cookie)).startsWith("HTTP/1.1 403 ");
    assertThat(server.ask("POST", "/logout", cookie, "Origin: http://" + server.host()))
        .startsWith("HTTP/1.1 303 ")
        .contains("Max-Age=0");
  }

  private static String cookie(String answer) {
    int at = answer.indexOf("Set-Cookie: ") + "Set-Cookie: ".length();
    return answer.substring(at, answer.indexOf(';', at));
  }

  @Test
  void aWrongTokenIsToldAndLogged() throws Exception {
    askForToken();

    assertThat(login("wrong", "Origin: http://" + server.host()))
        .startsWith("HTTP/1.1 401 ")
        .contains("That is not the token.")
        .doesNotContain("Set-Cookie");
    assertThat(server.log.with("a wrong token was given")).hasSize(1);
    assertThat(server.log.with("[client, 127.0.0.1]")).hasSize(1);
  }

  @Test
  void whoGuessesHasToWaitAndWhoIsSignedInDoesNot() throws Exception {
    askForToken();
    String origin = "Origin: http://" + server.host();
    String cookie = "Cookie: " + cookie(login(Running.TOKEN, origin));
    for (int i = 0; i < WrongTokens.FREE; i += 2) {
      assertThat(login("wrong" + i, origin)).startsWith("HTTP/1.1 401 ");
      assertThat(server.ask("GET", "/", "Authorization: Bearer " + i)).startsWith("HTTP/1.1 401 ");
    }
    assertThat(login(Running.TOKEN, origin))
        .startsWith("HTTP/1.1 429 ")
        .contains("Retry-After: 60", "Too many wrong tokens", "action=\"/login\"")
        .doesNotContain("Set-Cookie");
    assertThat(server.ask("GET", "/", "Authorization: Bearer " + Running.TOKEN))
        .startsWith("HTTP/1.1 429 ");
    assertThat(server.ask("GET", "/", cookie)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void nobodyIsSignedInByAnotherSite() throws Exception {
    askForToken();

    assertThat(login(Running.TOKEN, "Origin: http://evil.example")).startsWith("HTTP/1.1 403 ");
    assertThat(login(Running.TOKEN)).startsWith("HTTP/1.1 403 ");
  }

  private String login(String token, String... headers) throws IOException {
    return server.send("POST", "/login", "token=" + token, headers);
  }

  @Test
  void behindTlsTheCookieStaysThere() throws Exception {
    askForToken();

    assertThat(login(Running.TOKEN, "Origin: https://" + server.host(), "X-Forwarded-Proto: https"))
        .contains("SameSite=Strict; Secure");
  }

  // The buttons.

  private String press(String button, String... headers) throws IOException {
    return server.ask("POST", "/pools/" + button, headers);
  }

  private String origin() {
    return "Origin: http://" + server.host();
  }

  private String token() throws IOException {
    return Access.PAGE_TOKEN + ": " + server.pageToken();
  }

  @Test
  void thePagesButtonsResetAddAndRemove() throws Exception {
    for (String button : List.of("reset", "add", "remove")) {
      assertThat(press("http/" + button, origin(), token()))
          .startsWith("HTTP/1.1 200 ")
          .endsWith("{\"done\":\"" + button + "\"}");
    }
    assertThat(workers.asked).containsExactly("reset", "add", "remove");
    assertThat(server.log.with("asked for by the dashboard")).hasSize(3);
  }

  @Test
  void anotherSitesFormDoesNothing() throws Exception {
    String token = token();

    assertThat(press("http/reset")).startsWith("HTTP/1.1 403 ");
    assertThat(press("http/reset", token)).startsWith("HTTP/1.1 403 ");
    assertThat(press("http/reset", origin())).startsWith("HTTP/1.1 403 ");
    assertThat(press("http/reset", "Origin: null", token)).startsWith("HTTP/1.1 403 ");
    assertThat(press("http/reset", "Origin: http://evil.example", token))
        .startsWith("HTTP/1.1 403 ");
    assertThat(press("http/reset", origin(), token, "Sec-Fetch-Site: cross-site"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(workers.asked).isEmpty();
  }

  @Test
  void whatIsNotThereCannotBePressed() throws Exception {
    assertThat(press("jobs/reset", origin(), token())).startsWith("HTTP/1.1 404 ");
    assertThat(press("http/kill", origin(), token())).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void aPageThatOnlyShowsRefusesButtons() throws Exception {
    startAgain(new DashboardConfig("127.0.0.1:0", "", true));

    assertThat(server.ask("GET", "/")).contains("data-read-only=\"true\"");
    assertThat(press("http/reset", origin(), token()))
        .startsWith("HTTP/1.1 403 ")
        .contains("dashboard.read_only");
    assertThat(workers.asked).isEmpty();
  }

  @Test
  void whatGoesWrongIsTold() throws Exception {
    workers.fault = "no worker can be started: php is missing";

    assertThat(press("http/reset", origin(), token()))
        .startsWith("HTTP/1.1 500 ")
        .endsWith("{\"error\":\"no worker can be started: php is missing\"}");
    assertThat(server.log.with("php is missing")).hasSize(1);
  }

  @Test
  void onePressAtATimeForEachPool() throws Exception {
    workers.gate = new CountDownLatch(1);
    String token = token();
    CompletableFuture<String> first =
        CompletableFuture.supplyAsync(() -> {
          try {
            return press("http/reset", origin(), token);
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    Await.until("the first is under way", () -> !workers.asked.isEmpty());

    assertThat(press("http/reset", origin(), token)).startsWith("HTTP/1.1 409 ");
    workers.gate.countDown();

    assertThat(first.get()).startsWith("HTTP/1.1 200 ");
    assertThat(workers.asked).containsExactly("reset");
  }

  // The stream.

  @Test
  void aPageGetsWhatIsThereAndThenWhatChanges() throws Exception {
    server.say(dev.rr.api.log.Log.Level.WARN, "http", "before", "{\"a\":1}");
    try (RawClient page = server.watch()) {
      String hello = page.readUntil("event: state");
      assertThat(hello)
          .contains("Content-Type: text/event-stream")
          .contains("\"version\":\"1.2.3\"")
          .contains("\"reason\":\"no section \\\"http.headers\\\"\"")
          .contains("[\"headers\",\"http\",\"Middleware\",false]")
          .contains("\"http\",\"before\",\"{\\\"a\\\":1}\"");
      assertThat(page.readUntil("\n\n")).contains("[1003,2,103,");
      workers.workers = FakeWorkers.workers(5, 2_000);
      workers.queued = 7;
      server.say(dev.rr.api.log.Log.Level.INFO, "http", "after", "");
      assertThat(page.readUntil("\"queued\":7"))
          .contains("\"http\",\"after\",\"\"")
          .doesNotContain("\"before\"");
      assertThat(page.readUntil("\n\n")).contains("[2004,1,104,");
    }
  }

  @Test
  void anotherSiteDoesNotTakeAPlace() throws Exception {
    assertThat(server.ask("GET", "/events", "Sec-Fetch-Site: cross-site"))
        .startsWith("HTTP/1.1 403 ");
  }

  @Test
  void soManyPagesLookAndOneThatLeavesMakesRoom() throws Exception {
    List<RawClient> pages = new ArrayList<>();
    try {
      for (int i = 0; i < Viewers.MOST; i++) {
        RawClient page = server.watch();
        pages.add(page);
        page.readUntil("event: state");
      }
      assertThat(server.ask("GET", "/events"))
          .startsWith("HTTP/1.1 503 ")
          .contains("Retry-After: 10");
      pages.removeLast().close();
      Await.until("there is room", this::isRoom);
    } finally {
      for (RawClient page : pages) {
        page.close();
      }
    }
  }

  private boolean isRoom() {
    try (RawClient page = server.watch()) {
      return page.readUntil("\r\n").contains(" 200 ");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void stoppingEndsTheStreams() throws Exception {
    try (RawClient page = server.watch()) {
      page.readUntil("event: state");
      server.close();
      page.readAll();
    }
    assertThat(server.listeners).isEmpty();
    assertThat(server.log.with("still being answered")).isEmpty();
  }
}

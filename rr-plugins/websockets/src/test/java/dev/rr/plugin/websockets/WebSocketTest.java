package dev.rr.plugin.websockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.Reply;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebSocketTest {
  @TempDir Path folder;
  private final List<Site> sites = new ArrayList<>();

  private Site site() throws Exception {
    return site("", Site.php());
  }

  private Site site(String more, FakePool pool) throws Exception {
    Site site = Site.start(folder, more, pool);
    sites.add(site);
    return site;
  }

  @AfterEach
  void close() throws Exception {
    for (Site site : sites) {
      site.close();
    }
  }

  // Topics.

  @Test
  void aClientGetsWhatIsPublishedBetweenItsJoinAndItsLeave() throws Exception {
    Site site = site();
    Connection client = site.connect();
    site.broker.publish("foo", "too early");
    client.say("join", "foo", "foo2");
    assertThat(client.frames(1))
        .containsExactly("{\"topic\":\"@join\",\"payload\":[\"foo\",\"foo2\"]}");
    site.broker.publish("foo", "hello, PHP");
    client.say("leave", "foo");
    site.broker.publish("foo", "too late");
    assertThat(client.frames(3))
        .containsExactly(
            "{\"topic\":\"@join\",\"payload\":[\"foo\",\"foo2\"]}",
            "{\"topic\":\"foo\",\"payload\":\"hello, PHP\"}",
            "{\"topic\":\"@leave\",\"payload\":[\"foo\"]}");
    assertThat(site.broker.topics()).containsExactly("foo2");
  }

  @Test
  void whoMayNotJoinIsToldAndStays() throws Exception {
    Site site = site();
    Connection client = site.connect();
    client.say("join", "no", "foo2");
    assertThat(client.frames(1))
        .containsExactly("{\"topic\":\"#join\",\"payload\":[\"no\",\"foo2\"]}");
    assertThat(Scrape.of(site.plugin.metrics()).values())
        .containsEntry("rr_websockets_joined_total", 0.0)
        .containsEntry("rr_websockets_denied_total", 1.0);
    client.say("leave", "no");
    assertThat(client.frames(2)).last().isEqualTo("{\"topic\":\"@leave\",\"payload\":[\"no\"]}");
    assertThat(site.broker.topics()).isEmpty();
    assertThat(client.closed).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 201, 302, 500})
  void nothingBut200IsAYes(int status) throws Exception {
    Site site =
        site(
            "",
            new FakePool((request, reply) ->
                FakePool.answer(
                    reply,
                    request.context().contains("joinServer")
                        ? "{\"status\":200}"
                        : "{\"status\":" + status + "}",
                    "")));
    Connection client = site.connect();
    client.say("join", "foo");
    assertThat(client.frames(1)).containsExactly("{\"topic\":\"#join\",\"payload\":[\"foo\"]}");
  }

  @Test
  void whatPhpNoLongerAllowsEnds() throws Exception {
    List<String> verdicts = new CopyOnWriteArrayList<>(List.of("200", "200", "403"));
    Site site =
        site(
            "",
            new FakePool((request, reply) ->
                FakePool.answer(reply, "{\"status\":" + verdicts.removeFirst() + "}", "")));
    Connection client = site.connect();
    client.say("join", "foo");
    client.say("join", "foo");
    assertThat(client.frames(2)).last().isEqualTo("{\"topic\":\"#join\",\"payload\":[\"foo\"]}");
    site.broker.publish("foo", "secret");
    assertThat(client.frames()).hasSize(2);
    assertThat(site.broker.topics()).isEmpty();
  }

  @Test
  void phpIsAskedWithTheRequestThatTheConnectionBeganWith() throws Exception {
    Site site = site();
    FakeRequest request = Site.handshake().header("X-Token", "t").header("x-token", "u");
    request.attributes().put("user", List.of("7"));
    Connection client = site.connect(request);
    client.say("join", "a", "b");
    assertThat(client.frames(1)).hasSize(1);
    String begin =
        "{\"remoteAddr\":\"127.0.0.1\",\"protocol\":\"HTTP/1.1\",\"method\":\"GET\","
            + "\"uri\":\"http://example.com/ws?a=b\",\"headers\":{\"Connection\":[\"Upgrade\"],"
            + "\"Upgrade\":[\"websocket\"],\"Sec-WebSocket-Version\":[\"13\"],"
            + "\"Sec-WebSocket-Key\":[\""
            + Site.KEY
            + "\"],\"X-Token\":[\"t\",\"u\"]},\"cookies\":{},\"rawQuery\":\"a=b\","
            + "\"parsed\":false,\"uploads\":null,\"attributes\":{\"user\":[\"7\"],";
    assertThat(site.pool.requests().stream().map(FakePool.Request::context))
        .containsExactly(begin + "\"ws:joinServer\":true}}", begin + "\"ws:joinTopics\":\"a,b\"}}");
    assertThat(site.pool.requests().getFirst().payload().codec()).isEqualTo(8);
  }

  @Test
  void aJoinWithoutTopicsIsAnsweredAsItCame() throws Exception {
    Connection client = site().connect();
    client.say("{\"command\":\"join\",\"topics\":[]}");
    client.say("{\"command\":\"join\"}");
    assertThat(client.frames(2))
        .containsExactly(
            "{\"topic\":\"@join\",\"payload\":[]}", "{\"topic\":\"@join\",\"payload\":null}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"command\":\"headers\"}",
        "{\"command\":\"publish\",\"topics\":[\"foo\"]}",
        "{}",
        "[]",
        "not json",
        "{\"command\":\"join\",\"topics\":\"foo\"}",
        "{\"command\":\"join\",\"topics\":[1]}"
      })
  void whatIsNoCommandIsNotAnswered(String text) throws Exception {
    Connection client = site().connect();
    client.say(text);
    client.say("leave", "foo");
    assertThat(client.frames(1)).containsExactly("{\"topic\":\"@leave\",\"payload\":[\"foo\"]}");
  }

  @Test
  void aTopicThatTheBrokerRefusesIsNotJoined() throws Exception {
    Site site = site();
    site.broker.refuse("down");
    Connection client = site.connect();
    client.say("join", "foo", "down");
    assertThat(client.frames(1))
        .containsExactly("{\"topic\":\"#join\",\"payload\":[\"foo\",\"down\"]}");
    assertThat(site.broker.topics()).isEmpty();
  }

  @Test
  void moreTopicsThanOneMayHaveAreRefusedWithoutAskingPhp() throws Exception {
    Site site = site(", max_topics: 2", Site.php());
    Connection client = site.connect();
    client.say("join", "a", "b");
    client.say("join", "b", "c");
    assertThat(client.frames(2))
        .last()
        .isEqualTo("{\"topic\":\"#join\",\"payload\":[\"b\",\"c\"]}");
    assertThat(site.pool.requests()).hasSize(2);
    assertThat(site.broker.topics()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void namesOfTopicsTakeABoundedSpaceOfAllThatAClientHas() throws Exception {
    Site site = site(", max_topics: 10", Site.php());
    Connection client = site.connect();
    client.say("join", "x".repeat(2000));
    assertThat(client.frames(1)).last().asString().contains("@join");
    client.say("join", "y".repeat(600));
    assertThat(client.frames(2)).last().asString().contains("#join");
    client.say("join", "x".repeat(2000), "z".repeat(500));
    assertThat(client.frames(3)).last().asString().contains("@join");
  }

  @Test
  void theSubscriptionEndsWithTheLastClient() throws Exception {
    Site site = site();
    Connection one = site.connect();
    Connection two = site.connect();
    one.say("join", "foo");
    two.say("join", "foo");
    assertThat(one.frames(1)).hasSize(1);
    assertThat(two.frames(1)).hasSize(1);
    one.vanish();
    assertThat(site.broker.topics()).containsExactly("foo");
    two.send(ClientFrames.close(1000));
    Await.until("the end", () -> site.broker.topics().isEmpty());
  }

  // PHP that does not answer.

  @Test
  void whoLeavesWhilePhpIsAskedJoinsNothing() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answers = new CountDownLatch(1);
    Site site =
        site(
            "",
            new FakePool((request, reply) -> {
              if (request.context().contains("joinTopics")) {
                asked.countDown();
                answers.await();
              }
              FakePool.answer(reply, "{\"status\":200}", "");
            }));
    Connection client = site.connect();
    client.say("join", "foo");
    asked.await();
    client.vanish();
    answers.countDown();
    Connection other = site.connect();
    other.say("join", "bar");
    assertThat(other.frames(1)).hasSize(1);
    Await.until("nobody has foo", () -> site.broker.topics().equals(Set.of("bar")));
  }

  @Test
  void aWorkerThatHangsIsNoYesWhenTheTimeIsOver() throws Exception {
    Site site =
        site(
            ", auth_timeout: 500ms",
            new FakePool((request, reply) -> {
              if (request.context().contains("joinServer")) {
                FakePool.answer(reply, "{\"status\":200}", "");
              }
            }));
    Connection client = site.connect();
    client.say("join", "foo");
    assertThat(client.frames(1)).containsExactly("{\"topic\":\"#join\",\"payload\":[\"foo\"]}");
    assertThat(site.pool.requests().getLast().canceller().isCancelled()).isTrue();
  }

  @Test
  void commandsWaitForTheOneBeforeAndBeyondTheirBoundTheClientDoes() throws Exception {
    List<Reply> held = new CopyOnWriteArrayList<>();
    Site site =
        site(
            ", max_message_size: 1000",
            new FakePool((request, reply) -> {
              if (request.context().contains("joinServer")) {
                FakePool.answer(reply, "{\"status\":200}", "");
              } else {
                held.add(reply);
              }
            }));
    Connection client = site.connect();
    assertThat(client.say("join", "foo")).isTrue();
    assertThat(client.say("leave", "x".repeat(800))).isTrue();
    assertThat(client.say("leave", "y".repeat(800))).as("it is held up").isFalse();
    client.send(ClientFrames.frame(Frames.FIN | Frames.PING, new byte[0]));
    assertThat(client.frames()).containsExactly("pong ");
    Await.until("PHP is asked", () -> held.size() == 1);
    FakePool.answer(held.getFirst(), "{\"status\":200}", "");
    assertThat(client.frames(4).subList(1, 4))
        .extracting(frame -> frame.substring(0, 18))
        .containsExactly(
            "{\"topic\":\"@join\",\"", "{\"topic\":\"@leave\",", "{\"topic\":\"@leave\",");
    assertThat(client.resumed).isPositive();
  }

  @Test
  void commandsThatSayNothingCountAsWell() throws Exception {
    Site site =
        site(
            "",
            new FakePool((request, reply) -> {
              if (request.context().contains("joinServer")) {
                FakePool.answer(reply, "{\"status\":200}", "");
              }
            }));
    Connection client = site.connect();
    client.say("join", "foo");
    int taken = 0;
    while (taken < 1000 && client.say("{}")) {
      taken++;
    }
    assertThat(taken).isLessThan(1000);
  }

  @Test
  void messagesThatAreNotWholeTakeAPartOfTheHeapAtMost() throws Exception {
    Site site = site();
    byte[] begun = Arrays.copyOf(ClientFrames.text("x".repeat(65_000)), 60_000);
    long enough = Runtime.getRuntime().maxMemory() / 16 / begun.length + 1;
    List<Connection> clients = new ArrayList<>();
    do {
      clients.add(site.connect());
      clients.getLast().send(begun);
    } while (clients.getLast().frames().isEmpty() && clients.size() <= enough);
    assertThat(clients.getLast().frames()).containsExactly("close 1013");
    assertThat(clients.getFirst().frames()).isEmpty();

    clients.forEach(Connection::vanish);
    Connection next = site.connect();
    next.send(begun);
    assertThat(next.frames()).as("there is room again").isEmpty();
  }

  // The handshake.

  @ParameterizedTest
  @ValueSource(strings = {"http://example.com/ws", "/w%73?a=b"})
  void thePathMayBeWrittenAsTheStandardHasIt(String target) throws Exception {
    FakeRequest request =
        FakeRequest.get(target)
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", Site.KEY);
    Connection client = site().connect(request);
    Await.until("the upgrade", client::isAccepted);
  }

  @Test
  void aConnectionThatCannotBeTakenOverGivesItsPlaceBack() throws Exception {
    Site site = site(", max_connections: 1", Site.php());
    AtomicInteger tries = new AtomicInteger();
    site.plugin
        .upgrade()
        .upgrade(
            Site.handshake(),
            new FakeResponse(),
            (headers, receiver) -> {
              tries.incrementAndGet();
              throw new IllegalStateException("the request was answered before");
            });
    Await.until("a try", () -> tries.get() == 1);
    Await.until(
        "the place",
        () -> {
          // A try that is still being decided about takes the place itself.
          Connection next = new Connection();
          FakeResponse response = new FakeResponse();
          site.plugin.upgrade().upgrade(Site.handshake(), response, next);
          Await.until("an answer", () -> next.isAccepted() || response.ended());
          return next.isAccepted();
        });
  }

  @Test
  void theAnswerHasTheStandardsKey() throws Exception {
    Connection client = site().connect();
    Await.until("the upgrade", client::isAccepted);
    assertThat(client.accepted.get("Sec-WebSocket-Accept"))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assertThat(client.accepted.get("Sec-WebSocket-Extensions")).isNull();
  }

  @Test
  void aStreamOfHttp2HasNoKeyAndGetsNone() throws Exception {
    Site site = site();
    FakeRequest request =
        FakeRequest.get("/ws")
            .over("HTTP/2.0")
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket");
    assertThat(site.refused(request).status()).isEqualTo(400);
    Connection client = site.connect(request.header("Sec-WebSocket-Version", "13"));
    client.say("join", "foo");
    assertThat(client.frames(1)).first().asString().contains("@join");
    assertThat(client.accepted.get("Sec-WebSocket-Accept")).isNull();
  }

  @Test
  void phpsAnswerIsTheClientsWhenItMayNotConnect() throws Exception {
    Site site =
        site(
            "",
            FakePool.answering(
                "{\"status\":401,\"headers\":{\"stop\":[\"we-dont-like-you\"]}}", "go away"));
    FakeResponse response = site.refused(Site.handshake());
    assertThat(response.status()).isEqualTo(401);
    assertThat(response.headers().get("stop")).isEqualTo("we-dont-like-you");
    assertThat(response.text()).isEqualTo("go away");
  }

  @Test
  void aWorkerThatDiesOrSaysNonsenseIs400() throws Exception {
    for (String context : List.of("nonsense", "{}", "[]")) {
      FakeResponse response = site("", FakePool.answering(context, "")).refused(Site.handshake());
      assertThat(response.status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /other, 13, key, '', 404",
    "GET, /ws/, 13, key, '', 404",
    "GET, /ws, 13, key, http://evil, 405",
    "POST, /ws, 13, key, https://my.site, 405",
    "GET, /ws, 13, short, https://my.site, 400",
    "GET, /ws, '', key, https://my.site, 400",
    "GET, /ws, 8, key, https://my.site, 426"
  })
  void aBadHandshakeIsRefusedWithoutAskingPhp(
      String method, String path, String version, String key, String origin, int status)
      throws Exception {
    Site site = site(", allowed_origin: 'https://*my.site'", Site.php());
    FakeRequest request =
        FakeRequest.of(method, path)
            .header("Upgrade", "websocket")
            .header("Connection", "upgrade")
            .header("Origin", origin)
            .header("Sec-WebSocket-Key", key.equals("key") ? Site.KEY : key);
    if (!version.isEmpty()) {
      request.header("Sec-WebSocket-Version", version);
    }
    FakeResponse response = site.refused(request);
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.headers().get("Sec-WebSocket-Version"))
        .isEqualTo(status == 426 ? "13" : null);
    assertThat(site.pool.requests()).isEmpty();
  }

  @Test
  void moreClientsThanMayBeAreRefusedUntilOneLeaves() throws Exception {
    Site site = site(", max_connections: 1", Site.php());
    Connection first = site.connect();
    Await.until("the upgrade", first::isAccepted);
    assertThat(site.refused(Site.handshake()).status()).isEqualTo(503);
    first.vanish();
    Connection next = site.connect();
    Await.until("the next upgrade", next::isAccepted);
  }

  // Frames.

  @Test
  void pingsAreAnsweredAndClosesEchoed() throws Exception {
    Connection client = site().connect();
    client.send(ClientFrames.frame(Frames.FIN | Frames.PING, "payload".getBytes()));
    client.send(ClientFrames.close(3001));
    assertThat(client.frames()).containsExactly("pong payload", "close 3001");
    assertThat(client.closed).isTrue();
  }

  @Test
  void aBrokenProtocolClosesWithItsCode() throws Exception {
    Site site = site(", max_message_size: 200", Site.php());
    Connection broken = site.connect();
    broken.send(Frames.ping());
    assertThat(broken.frames()).containsExactly("close 1002");
    Connection large = site.connect();
    large.say("x".repeat(201));
    assertThat(large.frames()).containsExactly("close 1009");
    Connection latin = site.connect();
    latin.send(ClientFrames.frame(Frames.FIN | Frames.TEXT, new byte[] {(byte) 0xff}));
    assertThat(latin.frames()).containsExactly("close 1007");
  }

  @Test
  void messagesArePackedForThoseWhoCanUnpackThem() throws Exception {
    Site site = site();
    Connection plain = site.connect();
    Connection packing =
        site.connect(Site.handshake().header("Sec-WebSocket-Extensions", "permessage-deflate"));
    Await.until("the upgrade", packing::isAccepted);
    assertThat(packing.accepted.get("Sec-WebSocket-Extensions"))
        .isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    plain.say("join", "foo");
    try (Deflation client = new Deflation()) {
      byte[] join = "{\"command\":\"join\",\"topics\":[\"foo\"]}".getBytes();
      packing.send(ClientFrames.frame(Frames.FIN | Frames.RSV1 | Frames.TEXT, client.pack(join)));
    }
    assertThat(plain.frames(1)).hasSize(1);
    assertThat(packing.frames(1)).hasSize(1);
    String large = "x".repeat(10_000);
    site.broker.publish("foo", large);
    assertThat(plain.frames(2).get(1))
        .isEqualTo("{\"topic\":\"foo\",\"payload\":\"" + large + "\"}");
    assertThat(packing.frames(2).get(1))
        .isEqualTo("packed {\"topic\":\"foo\",\"payload\":\"" + large + "\"}");
  }

  @Test
  void aPackedBombIsRefused() throws Exception {
    Site site = site(", max_message_size: 1000", Site.php());
    Connection client =
        site.connect(Site.handshake().header("Sec-WebSocket-Extensions", "permessage-deflate"));
    try (Deflation packing = new Deflation()) {
      byte[] bomb = packing.pack(new byte[100_000]);
      assertThat(bomb).hasSizeLessThan(1000);
      client.send(ClientFrames.frame(Frames.FIN | Frames.RSV1 | Frames.BINARY, bomb));
    }
    assertThat(client.frames()).containsExactly("close 1009");
  }

  // Slow and silent clients.

  @Test
  void aClientThatReadsTooSlowlyIsClosed() throws Exception {
    Site site = site(", max_pending: 2000", Site.php());
    Connection slow = site.connect();
    Connection quick = site.connect();
    slow.say("join", "foo");
    quick.say("join", "foo");
    assertThat(slow.frames(1)).hasSize(1);
    assertThat(quick.frames(1)).hasSize(1);
    slow.pending = 1999;
    site.broker.publish("foo", "more");
    site.broker.publish("foo", "and more");
    assertThat(slow.frames(2)).last().isEqualTo("close 1013");
    assertThat(slow.closed).isTrue();
    assertThat(quick.frames(3)).hasSize(3);
    assertThat(Scrape.of(site.plugin.metrics()).values())
        .containsEntry("rr_websockets_slow_total", 1.0)
        .containsEntry("rr_websockets_connections{transport=\"websocket\"}", 1.0);
  }

  @Test
  void orMessagesAreDroppedWhereThatIsWished() throws Exception {
    Site site = site(", max_pending: 2000, slow_consumer: drop", Site.php());
    Connection slow = site.connect();
    slow.say("join", "foo");
    assertThat(slow.frames(1)).hasSize(1);
    slow.pending = 1999;
    site.broker.publish("foo", "dropped");
    slow.pending = 0;
    site.broker.publish("foo", "kept");
    assertThat(slow.frames(2)).last().asString().contains("kept");
    assertThat(Scrape.of(site.plugin.metrics()).values())
        .containsEntry("rr_websockets_dropped_total", 1.0);
  }

  @Test
  void aSilentClientIsAskedForASignOfLifeAndThenClosed() throws Exception {
    Site site = site(", ping_interval: 200ms", Site.php());
    Connection client = site.connect();
    assertThat(client.frames(2)).containsExactly("ping", "close 1001");
    Await.until("it is forgotten", () -> connections(site) == 0);
  }

  @Test
  void aClientIsAskedFirstHoweverLongTheServerHasStoodStill() throws Exception {
    Site site = site(", ping_interval: 60s", Site.php());
    Connection client = site.connect();
    long now = System.nanoTime();
    client.look(now + Duration.ofMinutes(30).toNanos());
    assertThat(client.frames(1)).containsExactly("ping");
    client.look(now + Duration.ofMinutes(32).toNanos());
    assertThat(client.frames(2)).containsExactly("ping", "close 1001");
  }

  @Test
  void aClientThatShowsALifeSignStays() throws Exception {
    Site site = site(", ping_interval: 60s", Site.php());
    Connection client = site.connect();
    long now = System.nanoTime();
    for (int i = 1; i <= 3; i++) {
      client.look(now + Duration.ofMinutes(2 * i).toNanos());
      assertThat(client.frames(i)).last().isEqualTo("ping");
      client.send(ClientFrames.frame(Frames.FIN | Frames.PONG, new byte[0]));
    }
  }

  private static double connections(Site site) {
    return Scrape.of(site.plugin.metrics())
        .values()
        .getOrDefault("rr_websockets_connections{transport=\"websocket\"}", -1.0);
  }

  @Test
  void theEndOfTheServerIsTold() throws Exception {
    Site site = site();
    Connection client = site.connect();
    client.say("join", "foo");
    assertThat(client.frames(1)).hasSize(1);
    site.close();
    assertThat(client.frames(2)).last().isEqualTo("close 1001");
    assertThat(site.broker.topics()).isEmpty();
  }
}

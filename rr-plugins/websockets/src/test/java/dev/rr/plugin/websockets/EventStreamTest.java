package dev.rr.plugin.websockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EventStreamTest {
  private static final String JOINED = "data: {\"topic\":\"@join\",\"payload\":[\"foo\"]}";

  @TempDir Path folder;
  private final List<Site> sites = new ArrayList<>();

  private Site site(String events) throws Exception {
    return site(events, "", Site.php());
  }

  private Site site(String events, String more, FakePool pool) throws Exception {
    Site site = Site.start(folder, ", events: {path: /events" + events + "}" + more, pool);
    sites.add(site);
    return site;
  }

  @AfterEach
  void close() throws Exception {
    for (Site site : sites) {
      site.close();
    }
  }

  private static List<String> events(FakeResponse response, int count) {
    Await.until(count + " events", () -> split(response).size() >= count);
    return split(response);
  }

  private static List<String> split(FakeResponse response) {
    String text = response.text();
    return text.isEmpty() ? List.of() : Arrays.asList(text.split("\n\n"));
  }

  private static String id(String event) {
    return event.substring("id: ".length(), event.indexOf('\n'));
  }

  @Test
  void aClientGetsMessagesAsEvents() throws Exception {
    Site site = site("");
    FakeResponse response =
        site.get(FakeRequest.get("/events?topic=foo").header("Origin", "http://a"));
    assertThat(events(response, 1)).containsExactly(JOINED);
    assertThat(response.headers().get("Content-Type")).isEqualTo("text/event-stream");
    assertThat(response.headers().get("Access-Control-Allow-Origin")).isEqualTo("http://a");
    site.broker.publish("foo", "line\nline");
    site.broker.publish("bar", "not mine");
    site.broker.publish("foo", "2");
    List<String> events = events(response, 3);
    assertThat(events.get(1)).endsWith("\ndata: {\"topic\":\"foo\",\"payload\":\"line\\nline\"}");
    assertThat(events.get(2)).startsWith("id: ").endsWith("\"2\"}");
    assertThat(response.ended()).isFalse();
  }

  @Test
  void whoComesBackGetsWhatItHasMissedInOrder() throws Exception {
    Site site = site("");
    FakeResponse first = site.get(FakeRequest.get("/events?topic=foo&topic=bar"));
    assertThat(events(first, 1)).hasSize(1);
    site.broker.publish("foo", "1");
    String seen = id(events(first, 2).get(1));
    first.abort(new IOException("gone"));
    site.broker.publish("bar", "2");
    site.broker.publish("foo", "3");
    FakeResponse again =
        site.get(FakeRequest.get("/events?topic=foo&topic=bar").header("Last-Event-ID", seen));
    List<String> events = events(again, 3);
    assertThat(events.get(1)).endsWith("{\"topic\":\"bar\",\"payload\":\"2\"}");
    assertThat(events.get(2)).endsWith("{\"topic\":\"foo\",\"payload\":\"3\"}");
    site.broker.publish("foo", "4");
    assertThat(events(again, 4)).hasSize(4).last().asString().endsWith("\"4\"}");
  }

  @Test
  void whoHasMissedMoreThanIsKeptIsTold() throws Exception {
    Site site = site(", history: 2");
    FakeResponse first = site.get(FakeRequest.get("/events?topic=foo"));
    assertThat(events(first, 1)).hasSize(1);
    site.broker.publish("foo", "1");
    String seen = id(events(first, 2).get(1));
    for (int i = 2; i <= 4; i++) {
      site.broker.publish("foo", "" + i);
    }
    FakeResponse again =
        site.get(FakeRequest.get("/events?topic=foo").header("Last-Event-ID", seen));
    List<String> events = events(again, 4);
    assertThat(events.get(1)).isEqualTo("event: gap\ndata: {}");
    assertThat(events.get(2)).endsWith("\"3\"}");
    assertThat(events.get(3)).endsWith("\"4\"}");
  }

  @Test
  void anIdOfAnotherTimeIsAGap() throws Exception {
    Site site = site("");
    FakeResponse first = site.get(FakeRequest.get("/events?topic=foo"));
    assertThat(events(first, 1)).hasSize(1);
    site.broker.publish("foo", "1");
    String seen = id(events(first, 2).get(1));
    site.broker.interrupt();
    for (String id : List.of(seen, "nonsense", seen + "x")) {
      FakeResponse again =
          site.get(FakeRequest.get("/events?topic=foo").header("Last-Event-ID", id));
      assertThat(events(again, 2)).containsExactly(JOINED, "event: gap\ndata: {}");
    }
  }

  @Test
  void aTopicThatNobodyComesBackToIsForgotten() throws Exception {
    Site site = site(", history_ttl: 100ms", ", ping_interval: 100ms", Site.php());
    FakeResponse response = site.get(FakeRequest.get("/events?topic=foo"));
    assertThat(events(response, 1)).hasSize(1);
    response.abort(new IOException("gone"));
    Await.until("it is forgotten", () -> site.broker.topics().isEmpty());
  }

  @Test
  void aClientThatReadsTooSlowlyIsClosedSoThatItComesBack() throws Exception {
    Site site = site("", ", max_pending: 1024", Site.php());
    FakeResponse response = site.get(FakeRequest.get("/events?topic=foo"));
    assertThat(events(response, 1)).hasSize(1);
    response.setWritable(false);
    site.broker.publish("foo", "x".repeat(1000));
    site.broker.publish("foo", "too much");
    assertThat(response.ended()).isTrue();
    assertThat(split(response)).hasSize(1);
  }

  @Test
  void whatWaitsForASlowClientComesWhenItTakesIt() throws Exception {
    Site site = site("");
    FakeResponse response = site.get(FakeRequest.get("/events?topic=foo"));
    assertThat(events(response, 1)).hasSize(1);
    response.setWritable(false);
    site.broker.publish("foo", "later");
    assertThat(split(response)).hasSize(1);
    response.setWritable(true);
    assertThat(events(response, 2)).last().asString().endsWith("\"later\"}");
  }

  @Test
  void aSilentStreamShowsThatItLives() throws Exception {
    Site site = site("", ", ping_interval: 50ms", Site.php());
    FakeResponse response = site.get(FakeRequest.get("/events?topic=foo"));
    Await.until("a comment", () -> response.text().contains("\n\n:\n\n"));
  }

  @Test
  void theEndOfTheServerEndsIt() throws Exception {
    Site site = site("");
    FakeResponse response = site.get(FakeRequest.get("/events?topic=foo"));
    assertThat(events(response, 1)).hasSize(1);
    site.close();
    assertThat(response.ended()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/events?topic=%C3%A4+b", "/events?topic=\u00c3\u00a4%20b"})
  void aTopicIsTheSameTextWhetherItsBytesAreEscapedOrNot(String target) throws Exception {
    Site site = site("");
    FakeResponse response = site.get(FakeRequest.get(target));
    assertThat(events(response, 1).getFirst()).contains("[\"ä b\"]");
    site.broker.publish("ä b", "hello");
    assertThat(events(response, 2).get(1)).contains("\"hello\"");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /events, http://a, 400",
    "GET, /events?topic=%zz, http://a, 400",
    "GET, /events?topic=, http://a, 400",
    "GET, /events?topic=a&topic=b&topic=c, http://a, 400",
    "GET, /events?topic=foo, http://b, 405",
    "POST, /events?topic=foo, http://a, 405",
    "GET, /events?topic=no, http://a, 401",
    "GET, /ws, http://a, 400",
    "GET, /other, http://a, 299"
  })
  void otherRequestsAreRefusedOrPassedOn(String method, String target, String origin, int status)
      throws Exception {
    Site site = site("", ", allowed_origin: 'http://a', max_topics: 2", Site.php());
    FakeResponse response = site.get(FakeRequest.of(method, target).header("Origin", origin));
    Await.until("an answer", response::ended);
    assertThat(response.status()).isEqualTo(status);
  }

  @Test
  void aPageOfTheSameServerNamesNoOriginAndMayRead() throws Exception {
    Site site = site("", ", allowed_origin: 'http://a'", Site.php());
    FakeResponse response = site.get(FakeRequest.get("/events?topic=foo"));
    assertThat(events(response, 1)).containsExactly(JOINED);
  }

  @Test
  void phpsAnswerIsTheClientsWhenItMayNotConnect() throws Exception {
    Site site =
        site("", "", FakePool.answering("{\"status\":401,\"headers\":{\"a\":[\"b\"]}}", "no"));
    FakeResponse response = site.get(FakeRequest.get("/events?topic=foo"));
    Await.until("an answer", response::ended);
    assertThat(response.status()).isEqualTo(401);
    assertThat(response.headers().get("a")).isEqualTo("b");
    assertThat(response.text()).isEqualTo("no");
  }
}

package dev.rr.plugin.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheHandlerTest {
  private Instant now = Instant.parse("2026-06-01T12:00:00Z");
  private final AnswerStore store = new AnswerStore(1 << 20);
  private final List<String> asked = new ArrayList<>();
  private int status = 200;
  private Function<HttpRequest, HttpHeaders> headers =
      request -> new HttpHeaders().set("Cache-Control", "max-age=60");

  private FakeResponse send(FakeRequest request) {
    HttpHandler application =
        (req, res) -> {
          asked.add(
              req.method() + " " + req.target() + " " + req.headers().get("If-None-Match", "-"));
          res.head(status, headers.apply(req));
          if (status == 200) {
            String body = "answer " + asked.size();
            res.write(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
          }
          res.end();
        };
    FakeResponse response = new FakeResponse();
    new CacheHandler(config(Duration.ZERO), store, application, () -> now)
        .handle(request, response);
    assertThat(response.ended()).isTrue();
    return response;
  }

  private static CacheConfig config(Duration ttl) {
    return new CacheConfig(1, 16, ttl, Duration.ZERO, "memory", List.of(), java.util.Map.of());
  }

  private String body(String target) {
    return send(FakeRequest.get(target)).text();
  }

  private void answerWith(String... fields) {
    headers =
        request -> {
          HttpHeaders all = new HttpHeaders();
          for (int i = 0; i < fields.length; i += 2) {
            all.add(fields[i], fields[i + 1]);
          }
          return all;
        };
  }

  @Test
  void givesAFreshAnswerAgainWithItsAge() {
    assertThat(body("/a")).isEqualTo("answer 1");
    now = now.plusSeconds(30);

    FakeResponse second = send(FakeRequest.get("/a"));

    assertThat(second.text()).isEqualTo("answer 1");
    assertThat(second.headers().get("Age")).isEqualTo("30");
    assertThat(second.headers().get("Cache-Status")).isEqualTo("rr; hit; ttl=30");
    assertThat(second.headers().get("Content-Length")).isEqualTo("8");
  }

  @Test
  void asksAgainOnceAnAnswerIsStale() {
    body("/a");
    now = now.plusSeconds(60);

    assertThat(body("/a")).isEqualTo("answer 2");
  }

  @Test
  void keepsAddressesAndHostsApart() {
    body("/a");

    assertThat(body("/a?x=1")).isEqualTo("answer 2");
    FakeRequest other = FakeRequest.get("/a");
    other.headers().set("Host", "other.example");
    assertThat(send(other).text()).isEqualTo("answer 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-store",
        "private, max-age=60",
        "max-age=0",
        "s-maxage=0, max-age=60",
        "max-age=x",
        "no-cache"
      })
  void neverGivesAgainWhatMayNotBeShared(String control) {
    answerWith("Cache-Control", control);

    body("/a");

    assertThat(body("/a")).isEqualTo("answer 2");
  }

  @Test
  void keepsNothingThatSaysNothingOrSetsACookieOrVariesByEverything() {
    answerWith();
    body("/plain");
    assertThat(body("/plain")).isEqualTo("answer 2");
    answerWith("Cache-Control", "max-age=60", "Set-Cookie", "session=1");
    body("/cookie");
    assertThat(body("/cookie")).isEqualTo("answer 4");
    answerWith("Cache-Control", "max-age=60", "Vary", "*");
    body("/vary");
    assertThat(body("/vary")).isEqualTo("answer 6");
  }

  @Test
  void keepsWhatSaysNothingForTheConfiguredTime() {
    answerWith();
    HttpHandler application =
        (req, res) -> {
          asked.add("");
          res.head(200, new HttpHeaders());
          res.end();
        };
    CacheHandler handler =
        new CacheHandler(config(Duration.ofSeconds(5)), store, application, () -> now);

    handler.handle(FakeRequest.get("/"), new FakeResponse());
    handler.handle(FakeRequest.get("/"), new FakeResponse());
    assertThat(asked).hasSize(1);
    now = now.plusSeconds(6);
    handler.handle(FakeRequest.get("/"), new FakeResponse());

    assertThat(asked).hasSize(2);
  }

  @Test
  void understandsExpires() {
    answerWith("Date", "Mon, 01 Jun 2026 12:00:00 GMT", "Expires", "Mon, 01 Jun 2026 12:00:10 GMT");
    body("/a");
    now = now.plusSeconds(9);
    assertThat(body("/a")).isEqualTo("answer 1");
    now = now.plusSeconds(2);
    assertThat(body("/a")).isEqualTo("answer 2");
  }

  @Test
  void givesNoAuthorizedAnswerToOthersUnlessItIsPublic() {
    send(FakeRequest.get("/a").header("Authorization", "Basic x"));
    assertThat(body("/a")).isEqualTo("answer 2");

    answerWith("Cache-Control", "public, max-age=60");
    send(FakeRequest.get("/b").header("Authorization", "Basic x"));
    assertThat(body("/b")).isEqualTo("answer 3");
  }

  @Test
  void choosesByTheFieldsThatAnAnswerVariesBy() {
    answerWith("Cache-Control", "max-age=60", "Vary", "Accept-Language");
    send(FakeRequest.get("/a").header("Accept-Language", "de"));
    send(FakeRequest.get("/a").header("Accept-Language", "en"));

    assertThat(send(FakeRequest.get("/a").header("Accept-Language", "de")).text())
        .isEqualTo("answer 1");
    assertThat(send(FakeRequest.get("/a").header("Accept-Language", "en")).text())
        .isEqualTo("answer 2");
    assertThat(body("/a")).isEqualTo("answer 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no-cache|answer 2",
        "max-age=10|answer 2",
        "max-age=30|answer 1",
        "min-fresh=40|answer 2",
        "min-fresh=20|answer 1",
        "no-store|answer 2"
      })
  void heedsWhatTheClientAsks(String control, String expected) {
    body("/a");
    now = now.plusSeconds(25);

    assertThat(send(FakeRequest.get("/a").header("Cache-Control", control)).text())
        .isEqualTo(expected);
  }

  @Test
  void givesStaleAnswersToClientsThatTakeThem() {
    body("/a");
    now = now.plusSeconds(70);

    assertThat(send(FakeRequest.get("/a").header("Cache-Control", "max-stale=20")).text())
        .isEqualTo("answer 1");
    assertThat(send(FakeRequest.get("/a").header("Cache-Control", "max-stale=5")).text())
        .isEqualTo("answer 2");
  }

  @Test
  void answersOnlyIfCachedWithoutAskingTheApplication() {
    FakeResponse response = send(FakeRequest.get("/a").header("Cache-Control", "only-if-cached"));

    assertThat(response.status()).isEqualTo(504);
    assertThat(asked).isEmpty();
  }

  @Test
  void saysNotModifiedToAClientThatHasTheAnswer() {
    answerWith("Cache-Control", "max-age=60", "ETag", "\"v1\"");
    body("/a");

    FakeResponse second = send(FakeRequest.get("/a").header("If-None-Match", "W/\"v1\""));

    assertThat(second.status()).isEqualTo(304);
    assertThat(second.bytes()).isEmpty();
    assertThat(asked).hasSize(1);
  }

  @Test
  void asksWhetherAStaleAnswerStillHoldsAndGivesItAgain() {
    answerWith("Cache-Control", "max-age=60", "ETag", "\"v1\"");
    body("/a");
    now = now.plusSeconds(61);
    status = 304;

    FakeResponse second = send(FakeRequest.get("/a"));
    status = 200;
    FakeResponse third = send(FakeRequest.get("/a"));

    assertThat(asked).containsExactly("GET /a -", "GET /a \"v1\"");
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.text()).isEqualTo("answer 1");
    assertThat(third.text()).isEqualTo("answer 1");
  }

  @Test
  void givesAStaleAnswerAtOnceAndFetchesAFreshOneBehindIt() {
    answerWith("Cache-Control", "max-age=60, stale-while-revalidate=30");
    body("/a");
    now = now.plusSeconds(80);

    FakeResponse stale = send(FakeRequest.get("/a"));
    FakeResponse fresh = send(FakeRequest.get("/a"));

    assertThat(stale.text()).isEqualTo("answer 1");
    assertThat(stale.headers().get("Cache-Status")).contains("stale-while-revalidate");
    assertThat(fresh.text()).isEqualTo("answer 2");
    assertThat(asked).hasSize(2);
  }

  @Test
  void givesAStaleAnswerInPlaceOfAnError() {
    answerWith("Cache-Control", "max-age=60, stale-if-error=600");
    body("/a");
    now = now.plusSeconds(100);
    status = 503;

    FakeResponse second = send(FakeRequest.get("/a"));

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.text()).isEqualTo("answer 1");
  }

  @Test
  void forgetsWhatASuccessfulChangeHasMadeInvalid() {
    body("/a");
    body("/list");
    answerWith("Location", "/list");
    send(FakeRequest.of("POST", "/a"));
    answerWith("Cache-Control", "max-age=60");

    assertThat(body("/a")).isEqualTo("answer 4");
    assertThat(body("/list")).isEqualTo("answer 5");
  }

  @Test
  void keepsWhatAFailedChangeHasNotTouched() {
    body("/a");
    status = 500;
    send(FakeRequest.of("DELETE", "/a"));
    status = 200;

    assertThat(body("/a")).isEqualTo("answer 1");
  }

  @Test
  void answersHeadFromAStoredGet() {
    body("/a");

    FakeResponse head = send(FakeRequest.of("HEAD", "/a"));

    assertThat(head.bytes()).isEmpty();
    assertThat(head.headers().get("Content-Length")).isEqualTo("8");
    assertThat(asked).hasSize(1);
  }

  @Test
  void keepsNothingLargerThanAllowed() {
    HttpHandler large =
        (req, res) -> {
          res.head(200, new HttpHeaders().set("Cache-Control", "max-age=60"));
          res.write(ByteBuffer.allocate(9_000));
          res.write(ByteBuffer.allocate(9_000));
          res.end();
        };
    FakeResponse response = new FakeResponse();
    new CacheHandler(config(Duration.ZERO), store, large, () -> now)
        .handle(FakeRequest.get("/large"), response);

    assertThat(response.bytes()).hasSize(18_000);
    assertThat(store.size()).isZero();
  }

  @Test
  void staysWithinItsBound() {
    HttpHandler application =
        (req, res) -> {
          res.head(200, new HttpHeaders().set("Cache-Control", "max-age=60"));
          res.write(ByteBuffer.allocate(10_000));
          res.end();
        };
    CacheHandler handler = new CacheHandler(config(Duration.ZERO), store, application, () -> now);
    for (int i = 0; i < 1_000; i++) {
      handler.handle(FakeRequest.get("/" + i), new FakeResponse());
    }

    assertThat(store.size()).isLessThanOrEqualTo((1 << 20) / 10_000);
  }
}

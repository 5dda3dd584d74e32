package dev.rr.plugin.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.http.HttpDates;
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
  private final List<Runnable> late = new ArrayList<>();
  private final RequestCollapser collapser = new RequestCollapser(late::add);
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
    new CacheHandler(config(Duration.ZERO), store, collapser, application, () -> now)
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
        new CacheHandler(config(Duration.ofSeconds(5)), store, collapser, application, () -> now);

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
  void forgetsWhatAChangeSentAsToAProxyOrNamedWithAFragmentHasMadeInvalid() {
    body("/a");
    body("/list");
    answerWith("Location", "http://EXAMPLE.com/list#new");
    send(FakeRequest.of("POST", "http://example.com/a"));
    answerWith("Cache-Control", "max-age=60");

    assertThat(body("/a")).isEqualTo("answer 4");
    assertThat(body("/list")).isEqualTo("answer 5");
  }

  @Test
  void leavesAloneWhatAChangeNamesOfAnotherOrigin() {
    body("/a");
    answerWith("Location", "http://example.com.evil/a", "Content-Location", "//example.com/a");
    send(FakeRequest.of("POST", "/other"));

    assertThat(body("/a")).isEqualTo("answer 1");
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
    new CacheHandler(config(Duration.ZERO), store, collapser, large, () -> now)
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
    CacheHandler handler =
        new CacheHandler(config(Duration.ZERO), store, collapser, application, () -> now);
    for (int i = 0; i < 1_000; i++) {
      handler.handle(FakeRequest.get("/" + i), new FakeResponse());
    }

    assertThat(store.size()).isLessThanOrEqualTo((1 << 20) / 10_000);
  }

  @Test
  void keepsEveryLineAndDropsWhatBelongsToTheConnection() {
    answerWith(
        "Cache-Control",
        "max-age=60",
        "Link",
        "<a>",
        "Link",
        "<b>",
        "Connection",
        "X",
        "Keep-Alive",
        "timeout=5");
    body("/a");

    HttpHeaders again = send(FakeRequest.get("/a")).headers();

    assertThat(again.all("Link")).containsExactly("<a>", "<b>");
    assertThat(again.contains("Connection")).isFalse();
    assertThat(again.contains("Keep-Alive")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // Age header, seconds since its date; its age 5 seconds later.
        "-|-|5",
        "10|-|15",
        "-|20|25",
        "10|20|25",
        "30|20|35",
        "x|-|5",
        "-1|-|5",
        // A clock that goes ahead makes nothing younger.
        "-|-20|5"
      })
  void countsTheAgeThatAnAnswerCameWith(String said, Long dated, long expected) {
    Instant made = now.minusSeconds(dated == null ? 0 : dated);
    headers =
        request -> {
          HttpHeaders all = new HttpHeaders().set("Cache-Control", "max-age=60");
          if (said != null) {
            all.set("Age", said);
          }
          return dated == null ? all : all.set("Date", HttpDates.format(made));
        };
    body("/a");
    now = now.plusSeconds(5);

    FakeResponse again = send(FakeRequest.get("/a"));

    assertThat(again.headers().all("Age")).containsExactly(Long.toString(expected));
    assertThat(again.headers().get("Date")).isEqualTo(HttpDates.format(made));
  }

  @Test
  void choosesBySeveralFieldsTogetherWhateverTheirCase() {
    answerWith("Cache-Control", "max-age=60", "Vary", "accept, Accept-Language", "Vary", "X-Theme");
    send(varied("text/html", "de", "dark"));

    assertThat(send(varied("text/html", "de", "dark")).text()).isEqualTo("answer 1");
    assertThat(send(varied("text/html", "de", "light")).text()).isEqualTo("answer 2");
    assertThat(send(varied("text/html", "en", "dark")).text()).isEqualTo("answer 3");
    assertThat(send(varied("*/*", "de", "dark")).text()).isEqualTo("answer 4");
    assertThat(send(varied("text/html", "de", "light")).text()).isEqualTo("answer 2");
  }

  private static FakeRequest varied(String accept, String language, String theme) {
    return FakeRequest.get("/a")
        .header("Accept", accept)
        .header("Accept-Language", language)
        .header("X-Theme", theme);
  }

  @Test
  void keepsABoundedNumberOfVariants() {
    answerWith("Cache-Control", "max-age=60", "Vary", "Accept-Language");
    for (int i = 0; i < 100; i++) {
      send(FakeRequest.get("/a").header("Accept-Language", "l" + i));
    }

    assertThat(send(FakeRequest.get("/a").header("Accept-Language", "l99")).text())
        .isEqualTo("answer 100");
    assertThat(send(FakeRequest.get("/a").header("Accept-Language", "l0")).text())
        .isEqualTo("answer 101");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "public, max-age=60|true",
        "s-maxage=60|true",
        "max-age=60, must-revalidate|true",
        "max-age=60|false",
        "max-age=60, proxy-revalidate|false",
        "private, s-maxage=60|false"
      })
  void sharesAnAuthorizedAnswerOnlyWhenItSaysSo(String control, boolean shared) {
    answerWith("Cache-Control", control);
    send(FakeRequest.get("/a").header("Authorization", "Basic x"));

    assertThat(body("/a").equals("answer 1")).isEqualTo(shared);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-age=60, must-revalidate",
        "max-age=60, proxy-revalidate",
        "s-maxage=60",
        "max-age=60, must-revalidate, stale-while-revalidate=600, stale-if-error=600",
        "s-maxage=60, stale-while-revalidate=600"
      })
  void givesNothingStaleThatForbidsIt(String control) {
    answerWith("Cache-Control", control);
    body("/a");
    now = now.plusSeconds(61);

    assertThat(send(FakeRequest.get("/a").header("Cache-Control", "max-stale")).text())
        .isEqualTo("answer 2");
  }

  @Test
  void givesNoStaleAnswerLongerThanItMay() {
    answerWith("Cache-Control", "max-age=60, stale-while-revalidate=30, stale-if-error=40");
    body("/a");
    now = now.plusSeconds(91);
    assertThat(body("/a")).isEqualTo("answer 2");
    now = now.plusSeconds(101);
    status = 500;

    assertThat(send(FakeRequest.get("/a")).status()).isEqualTo(500);
  }

  @Test
  void revalidatesAnAnswerThatWantsItEachTime() {
    answerWith("Cache-Control", "no-cache", "ETag", "\"v1\"");
    body("/a");
    status = 304;

    assertThat(body("/a")).isEqualTo("answer 1");
    assertThat(body("/a")).isEqualTo("answer 1");
    assertThat(asked).containsExactly("GET /a -", "GET /a \"v1\"", "GET /a \"v1\"");
  }

  @Test
  void takesOverWhatANotModifiedAnswerSaysButNothingAboutTheBody() {
    answerWith(
        "Cache-Control",
        "max-age=60",
        "ETag",
        "\"v1\"",
        "Content-Type",
        "text/plain",
        "X-Old",
        "1",
        "X-Kept",
        "1",
        "Age",
        "50");
    body("/a");
    now = now.plusSeconds(100);
    status = 304;
    answerWith(
        "Cache-Control", "max-age=300", "Content-Type", "image/png", "X-Old", "2", "X-Old", "3");
    send(FakeRequest.get("/a"));
    now = now.plusSeconds(200);

    FakeResponse later = send(FakeRequest.get("/a"));

    assertThat(later.text()).isEqualTo("answer 1");
    assertThat(later.headers().get("Age")).isEqualTo("200");
    assertThat(later.headers().all("X-Old")).containsExactly("2", "3");
    assertThat(later.headers().get("X-Kept")).isEqualTo("1");
    assertThat(later.headers().get("Content-Type")).isEqualTo("text/plain");
  }

  @Test
  void forgetsAnAnswerThatMayNoLongerBeKept() {
    answerWith("Cache-Control", "max-age=60", "ETag", "\"v1\"");
    body("/a");
    now = now.plusSeconds(100);
    status = 304;
    answerWith("Cache-Control", "no-store");

    assertThat(body("/a")).isEqualTo("answer 1");
    assertThat(store.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "If-None-Match|\"v1\"|304",
        "If-None-Match|W/\"v1\"|304",
        "If-None-Match|\"v0\", W/\"v1\"|304",
        "If-None-Match|*|304",
        "If-None-Match|\"v0\"|200",
        "If-None-Match|v1|200",
        "If-Modified-Since|Mon, 01 Jun 2026 10:00:00 GMT|304",
        "If-Modified-Since|Mon, 01 Jun 2026 09:59:59 GMT|200",
        "If-Modified-Since|yesterday|200"
      })
  void answersConditionsItself(String name, String value, int expected) {
    answerWith(
        "Cache-Control",
        "max-age=60",
        "ETag",
        "W/\"v1\"",
        "Last-Modified",
        "Mon, 01 Jun 2026 10:00:00 GMT",
        "Vary",
        "Accept");
    body("/a");

    FakeResponse got = send(FakeRequest.get("/a").header(name, value));

    assertThat(got.status()).isEqualTo(expected);
    assertThat(asked).hasSize(1);
    assertThat(got.headers().get("ETag")).isEqualTo("W/\"v1\"");
    assertThat(got.headers().get("Vary")).isEqualTo("Accept");
    assertThat(got.headers().contains("Age")).isTrue();
  }

  @Test
  void letsTheTagDecideBeforeTheDate() {
    answerWith(
        "Cache-Control",
        "max-age=60",
        "ETag",
        "\"v1\"",
        "Last-Modified",
        "Mon, 01 Jun 2026 10:00:00 GMT");
    body("/a");

    FakeRequest both =
        FakeRequest.get("/a")
            .header("If-None-Match", "\"v0\"")
            .header("If-Modified-Since", "Mon, 01 Jun 2026 11:00:00 GMT");
    assertThat(send(both).status()).isEqualTo(200);
  }

  @Test
  void passesPartsOfFilesAndGetsWithABodyBy() {
    body("/a");

    assertThat(send(FakeRequest.get("/a").header("Range", "bytes=0-1")).text())
        .isEqualTo("answer 2");
    assertThat(send(FakeRequest.get("/a").body("x=poison")).text()).isEqualTo("answer 3");
    assertThat(body("/a")).isEqualTo("answer 1");
    send(FakeRequest.get("/b").body("x=poison"));
    assertThat(body("/b")).isEqualTo("answer 5");
  }

  @Test
  void keepsNoAnswerThatIsNotAsLongAsItSaid() {
    answerWith("Cache-Control", "max-age=60", "Content-Length", "100");
    body("/a");

    assertThat(body("/a")).isEqualTo("answer 2");
  }

  @Test
  void keepsNoAnswerThatBrokeOffOrHasTrailers() {
    HttpHandler application =
        (req, res) -> {
          asked.add("");
          res.head(200, new HttpHeaders().set("Cache-Control", "max-age=60"));
          res.write(ByteBuffer.allocate(10));
          if (asked.size() == 1) {
            res.abort(new IllegalStateException("the worker died"));
          } else {
            res.end(new HttpHeaders().set("X-Checksum", "1"));
          }
        };
    CacheHandler handler =
        new CacheHandler(config(Duration.ZERO), store, collapser, application, () -> now);
    for (int i = 0; i < 3; i++) {
      handler.handle(FakeRequest.get("/a"), new FakeResponse());
    }

    assertThat(asked).hasSize(3);
  }

  @Test
  void letsAStreamThroughWhileItIsNoted() {
    FakeResponse response = new FakeResponse();
    HttpHandler application =
        (req, res) -> {
          res.head(200, new HttpHeaders().set("Cache-Control", "max-age=60"));
          res.write(ByteBuffer.wrap("first".getBytes(StandardCharsets.UTF_8)));
          res.flush();
          assertThat(response.text()).isEqualTo("first");
          res.write(ByteBuffer.wrap("second".getBytes(StandardCharsets.UTF_8)));
          res.end();
        };
    CacheHandler handler =
        new CacheHandler(config(Duration.ZERO), store, collapser, application, () -> now);
    handler.handle(FakeRequest.get("/a"), response);
    assertThat(response.flushes()).isEqualTo(1);

    FakeResponse again = new FakeResponse();
    handler.handle(FakeRequest.get("/a"), again);
    assertThat(again.text()).isEqualTo("firstsecond");
    assertThat(again.headers().get("Cache-Status")).startsWith("rr; hit");
  }

  @Test
  void keepsNoAnswerThatIsOlderThanAChange() {
    List<HttpResponse> open = new ArrayList<>();
    HttpHandler application =
        (req, res) -> {
          if (req.method().equals("POST")) {
            res.head(204, new HttpHeaders());
            res.end();
          } else {
            open.add(res);
          }
        };
    CacheHandler handler =
        new CacheHandler(config(Duration.ZERO), store, collapser, application, () -> now);
    handler.handle(FakeRequest.get("/a"), new FakeResponse());
    handler.handle(FakeRequest.of("POST", "/a"), new FakeResponse());
    complete(open.removeFirst(), "from before the change");

    handler.handle(FakeRequest.get("/a"), new FakeResponse());
    assertThat(open).as("asked anew").hasSize(1);
    complete(open.removeFirst(), "from after it");
    FakeResponse third = new FakeResponse();
    handler.handle(FakeRequest.get("/a"), third);
    assertThat(third.text()).isEqualTo("from after it");
  }

  private static void complete(HttpResponse response, String text, String... fields) {
    HttpHeaders all = new HttpHeaders().set("Cache-Control", "max-age=60");
    for (int i = 0; i < fields.length; i += 2) {
      all.set(fields[i], fields[i + 1]);
    }
    response.head(200, all);
    response.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    response.end();
  }

  /** Requests for one URI that come before the first is answered. */
  private List<FakeResponse> many(int size, List<HttpResponse> open) {
    CacheHandler handler =
        new CacheHandler(
            config(Duration.ZERO), store, collapser, (req, res) -> open.add(res), () -> now);
    List<FakeResponse> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      FakeResponse response = new FakeResponse();
      all.add(response);
      handler.handle(FakeRequest.get("/a"), response);
    }
    return all;
  }

  @Test
  void asksOnceForMany() {
    List<HttpResponse> open = new ArrayList<>();
    List<FakeResponse> all = many(1000, open);
    assertThat(open).hasSize(1);

    complete(open.getFirst(), "for all");

    assertThat(open).hasSize(1);
    assertThat(all).allMatch(r -> r.ended() && r.text().equals("for all"));
  }

  @Test
  void letsManyGoOnWhenTheAnswerIsForOneAlone() {
    List<HttpResponse> open = new ArrayList<>();
    many(10, open);
    open.getFirst().head(200, new HttpHeaders().set("Set-Cookie", "session=1"));

    assertThat(open).as("from the head on").hasSize(10);
    many(10, open);
    assertThat(open).as("nobody waits for the next one").hasSize(20);
  }

  @Test
  void letsManyGoOnWhenTheFirstLeavesOrFailsOrTakesLong() {
    List<HttpResponse> open = new ArrayList<>();
    List<FakeResponse> all = many(3, open);
    all.getFirst().abort(new IllegalStateException("the client left"));
    assertThat(open).hasSize(3);
    open.forEach(r -> r.abort(new IllegalStateException()));
    open.clear();

    many(3, open);
    assertThat(open).hasSize(1);
    late.forEach(Runnable::run);
    assertThat(open).hasSize(3);
    complete(open.getFirst(), "late");
    assertThat(open).hasSize(3);
  }

  @Test
  void doesNotAskForThoseOfManyWhoLeft() {
    List<HttpResponse> open = new ArrayList<>();
    List<FakeResponse> all = many(3, open);
    all.get(1).abort(new IllegalStateException("the client left"));
    late.forEach(Runnable::run);

    assertThat(open).hasSize(2);
  }

  @Test
  void letsManyGoOnWhenTheBodyIsTooLargeToKeep() {
    List<HttpResponse> open = new ArrayList<>();
    many(3, open);
    HttpResponse first = open.getFirst();
    first.head(200, new HttpHeaders().set("Cache-Control", "max-age=60"));
    assertThat(open).hasSize(1);
    first.write(ByteBuffer.allocate(17 * 1024));

    assertThat(open).hasSize(3);
  }

  @Test
  void neverHoldsMoreThanItsBoundHoweverLargeTheAnswers() {
    AnswerStore small = new AnswerStore(1 << 20);
    CacheConfig config =
        new CacheConfig(
            1, 512, Duration.ofSeconds(60), Duration.ZERO, "memory", List.of(), java.util.Map.of());
    HttpHandler application =
        (req, res) -> {
          res.head(200, new HttpHeaders().set("Vary", "X"));
          res.write(ByteBuffer.allocate(400 * 1024));
          res.end();
        };
    CacheHandler handler = new CacheHandler(config, small, collapser, application, () -> now);
    for (int i = 0; i < 200; i++) {
      handler.handle(
          FakeRequest.get("/" + i % 7).header("X", Integer.toString(i)), new FakeResponse());

      assertThat(small.bytes()).isLessThanOrEqualTo(1 << 20);
    }
  }
}

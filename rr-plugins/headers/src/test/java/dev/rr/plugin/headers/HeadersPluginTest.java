package dev.rr.plugin.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.worker.RecordingLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadersPluginTest {
  private FakeRequest seen = FakeRequest.get("/");

  private static HeadersConfig.Cors cors(String origins, String regex, String headers) {
    return new HeadersConfig.Cors(
        split(origins),
        regex,
        split(headers),
        List.of("GET", "POST", "PUT", "DELETE"),
        List.of("Cache-Control", "content-language", "Content-Type"),
        true,
        600,
        0,
        false);
  }

  private static List<String> split(String words) {
    return words.isEmpty() ? List.of() : List.of(words.split(","));
  }

  private FakeResponse send(HeadersConfig config, FakeRequest request) {
    FakeResponse response = new FakeResponse();
    new HeadersPlugin(config, name -> Log.NONE)
        .wrap((inner, out) -> {
          seen = (FakeRequest) inner;
          out.head(201, new HttpHeaders().add("X-Php", "1").add("output", "php"));
          out.end();
        })
        .handle(request, response);
    return response;
  }

  private FakeResponse send(HeadersConfig.Cors cors, FakeRequest request) {
    return send(new HeadersConfig(Map.of(), Map.of(), Optional.of(cors)), request);
  }

  private static FakeRequest preflight(String origin, String method, String headers) {
    FakeRequest request =
        FakeRequest.of("OPTIONS", "/")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", method);
    return headers.isEmpty() ? request : request.header("Access-Control-Request-Headers", headers);
  }

  @Test
  void addsToTheRequestAndSetsOnTheAnswer() {
    Map<String, String> in = new LinkedHashMap<>();
    in.put("input", "custom");
    in.put("x-twice", "b");
    FakeResponse response =
        send(
            new HeadersConfig(in, Map.of("output", "gr\u00fc\u00df"), Optional.empty()),
            FakeRequest.get("/").header("X-Twice", "a"));
    assertThat(seen.headers().get("Input")).isEqualTo("custom");
    assertThat(seen.headers().all("X-Twice")).containsExactly("a", "b");
    // Values go out as UTF-8 bytes; PHP's own header comes behind ours.
    assertThat(response.headers().all("Output"))
        .containsExactly("gr\u00c3\u00bc\u00c3\u009f", "php");
    assertThat(response.status()).isEqualTo(201);
  }

  @Test
  void answersAPreflightItself() {
    FakeResponse response =
        send(cors("*", "", "*"), preflight("http://foo", "GET", "origin, x-requested-with"));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().toString())
        .isEqualTo(
            """
            Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers
            Access-Control-Allow-Origin: *
            Access-Control-Allow-Methods: GET
            Access-Control-Allow-Headers: origin, x-requested-with
            Access-Control-Allow-Credentials: true
            Access-Control-Max-Age: 600
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://evil|GET|accept",
        "http://foo|PATCH|accept",
        "http://foo|get|accept",
        "http://foo|GET|x-other",
        "http://foo|GET|Accept",
        "http://foo|GET|content-type,accept",
        "http://foo|GET|accept,accept",
        "http://foo|GET|accept,  content-type",
        "http://foo|GET|,,,,,,,,,,,,,,,,,accept"
      })
  void tellsNothingToAPreflightThatIsNotLetIn(String origin, String method, String headers) {
    FakeResponse response = send(cors("http://foo", "", ""), preflight(origin, method, headers));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().size()).isEqualTo(1);
    assertThat(response.headers().contains("Vary")).isTrue();
  }

  @Test
  void letsSortedNamesIn() {
    FakeResponse response =
        send(
            cors("http://foo", "", ""),
            preflight("HTTP://FOO", "OPTIONS", "accept, content-type ,,x-requested-with"));
    assertThat(response.headers().get("Access-Control-Allow-Origin")).isEqualTo("HTTP://FOO");
  }

  @Test
  void marksOtherAnswers() {
    FakeResponse response =
        send(cors("*", "", "*"), FakeRequest.get("/").header("Origin", "http://foo"));
    assertThat(response.status()).isEqualTo(201);
    assertThat(response.headers().get("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(response.headers().get("Access-Control-Expose-Headers"))
        .isEqualTo("Cache-Control, Content-Language, Content-Type");
    assertThat(response.headers().get("Access-Control-Allow-Credentials")).isEqualTo("true");
    assertThat(response.headers().get("Vary")).isEqualTo("Origin");
  }

  @Test
  void marksNothingForAForeignOriginOrMethod() {
    FakeResponse response =
        send(cors("http://foo", "", ""), FakeRequest.get("/").header("Origin", "http://bar"));
    assertThat(response.headers().contains("Access-Control-Allow-Origin")).isFalse();
    response =
        send(
            cors("http://foo", "", ""),
            FakeRequest.of("PATCH", "/").header("Origin", "http://foo"));
    assertThat(response.headers().contains("Access-Control-Allow-Origin")).isFalse();
    assertThat(response.headers().get("Vary")).isEqualTo("Origin");
  }

  @Test
  void matchesPatterns() {
    FakeRequest request = FakeRequest.get("/").header("Origin", "http://a.foo.com");
    assertThat(send(cors("http://*.foo.com", "", ""), request).headers().toString())
        .contains("Access-Control-Allow-Origin: http://a.foo.com");
    assertThat(send(cors("*", "^http://[a-z].foo", ""), request).headers().toString())
        .contains("Access-Control-Allow-Origin: http://a.foo.com");
    assertThat(send(cors("*", "bar", ""), request).headers().toString())
        .doesNotContain("Allow-Origin");
  }

  @Test
  void letsOtherOptionsRequestsThrough() {
    assertThat(send(cors("*", "", "*"), FakeRequest.of("OPTIONS", "/")).status()).isEqualTo(201);
  }

  @Test
  void refusesAPatternThatIsNoneAndAStatusThatIsNoAnswer() {
    HeadersConfig.Cors wrong =
        new HeadersConfig.Cors(
            List.of(), "a(b", List.of(), List.of(), List.of(), false, 0, 103, false);
    assertThat(FoundProblems.of(wrong, "http.headers.cors"))
        .containsExactly(
            "http.headers.cors.options_success_status: is 103; allowed are 200 to 599",
            "http.headers.cors.allowed_origin_regex: `a(b` is no regular expression in RE2 syntax:"
                + " missing closing )");
  }

  @Test
  void takesAPreflightWithoutAMethodForAnOrdinaryRequest() {
    FakeResponse response = send(cors("*", "", "*"), preflight("http://foo", "", ""));
    assertThat(response.status()).isEqualTo(201);
    assertThat(response.headers().get("Vary")).isEqualTo("Origin");
    assertThat(response.headers().get("Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @Test
  void decisionsReplaceFixedFieldsOfTheSameName() {
    HeadersConfig config =
        new HeadersConfig(
            Map.of(),
            Map.of("access-control-allow-origin", "http://fixed", "vary", "Accept"),
            Optional.of(cors("*", "", "*")));
    FakeResponse actual = send(config, FakeRequest.get("/").header("Origin", "http://foo"));
    assertThat(actual.headers().all("Access-Control-Allow-Origin")).containsExactly("*");
    assertThat(actual.headers().all("Vary")).containsExactly("Accept", "Origin");
    FakeResponse preflight = send(config, preflight("http://foo", "GET", ""));
    assertThat(preflight.headers().all("Access-Control-Allow-Origin")).containsExactly("*");
    assertThat(preflight.headers().all("Vary"))
        .containsExactly(
            "Accept", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
    // Nothing is decided without an origin.
    assertThat(send(config, FakeRequest.get("/")).headers().all("Access-Control-Allow-Origin"))
        .containsExactly("http://fixed");
  }

  @Test
  void letsTheUsualThroughWhereNothingIsConfigured() {
    HeadersConfig.Cors bare =
        new HeadersConfig.Cors(List.of(), "", List.of(), List.of(), List.of(), false, -1, 0, false);
    FakeResponse preflight =
        send(bare, preflight("http://any", "HEAD", "accept,content-type,x-requested-with"));
    assertThat(preflight.headers().toString())
        .isEqualTo(
            """
            Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers
            Access-Control-Allow-Origin: *
            Access-Control-Allow-Methods: HEAD
            Access-Control-Allow-Headers: accept,content-type,x-requested-with
            """);
    assertThat(send(bare, preflight("http://any", "PUT", "")).headers().size()).isEqualTo(1);
    assertThat(send(bare, FakeRequest.get("/").header("Origin", "null")).headers().toString())
        .contains("Access-Control-Allow-Origin: *")
        .doesNotContain("Credentials", "Expose");
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.foo.com, true",
    "HTTP://A.FOO.COM, true",
    "http://.foo.com, true",
    "http://foo.com, false",
    "http://a.foo.com.evil, false",
    "https://a.foo.com, false",
    "http://baz.com:8080, true",
    "http://baz.com, false"
  })
  void oneStarStandsForAnything(String origin, boolean allowed) {
    FakeResponse response =
        send(
            cors("http://*.foo.com, HTTP://Baz.com:8080 ", "", ""),
            FakeRequest.get("/").header("Origin", origin));
    assertThat(response.headers().contains("Access-Control-Allow-Origin")).isEqualTo(allowed);
  }

  @Test
  void answersPreflightsWithTheConfiguredStatus() {
    HeadersConfig.Cors cors =
        new HeadersConfig.Cors(
            List.of("http://foo"), "", List.of(), List.of(), List.of(), false, 0, 204, false);
    assertThat(send(cors, preflight("http://foo", "GET", "")).status()).isEqualTo(204);
    assertThat(send(cors, preflight("http://evil", "GET", "")).status()).isEqualTo(204);
  }

  @Test
  void patternsAreThoseOfGo() {
    FakeRequest request = FakeRequest.get("/").header("Origin", "http://abc.foo.com");
    for (String pattern :
        List.of("(?P<host>[[:alpha:]]+)\\.foo\\.com\\z", "(?i)FOO", "^http://abc")) {
      assertThat(send(cors("", pattern, ""), request).headers().get("Access-Control-Allow-Origin"))
          .as(pattern)
          .isEqualTo("http://abc.foo.com");
    }
  }

  @Test
  @Timeout(10)
  void aPatternThatWouldBacktrackTakesNoLonger() {
    FakeRequest request = FakeRequest.get("/").header("Origin", "a".repeat(100_000) + "!");
    assertThat(send(cors("", "^(a+)+$", ""), request).status()).isEqualTo(201);
  }

  @Test
  void saysWhyItRefusesWhenAsked() {
    RecordingLog log = new RecordingLog();
    HeadersConfig.Cors cors =
        new HeadersConfig.Cors(
            List.of("http://foo"), "", List.of(), List.of(), List.of(), false, 0, 0, true);
    HttpHandler handler =
        new HeadersPlugin(new HeadersConfig(Map.of(), Map.of(), Optional.of(cors)), name -> log)
            .wrap((in, out) -> out.head(200, new HttpHeaders()));
    handler.handle(preflight("http://evil", "GET", ""), new FakeResponse());
    handler.handle(preflight("http://foo", "PUT", ""), new FakeResponse());
    handler.handle(preflight("http://foo", "GET", "x-other"), new FakeResponse());
    handler.handle(preflight("http://foo", "GET", ""), new FakeResponse());
    assertThat(log.records())
        .containsExactly(
            "INFO [cors] origin not allowed [value, http://evil]",
            "INFO [cors] method not allowed [value, PUT]",
            "INFO [cors] headers not allowed [value, x-other]");
  }
}

package dev.rr.plugin.newrelic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.trace.Tracer;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.RecordingSpan;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NewRelicTest {
  private final List<String> heard = new ArrayList<>();

  private final Agent agent =
      (name, incoming) ->
          new Agent.Transaction() {
            @Override
            public void rename(String to) {
              heard.add("rename " + to);
            }

            @Override
            public void attribute(String key, String value) {
              heard.add(key + "=" + value);
            }

            @Override
            public void error(String type, String message) {
              heard.add("error " + type + " " + message);
            }

            @Override
            public void ignore() {
              heard.add("ignore");
            }

            @Override
            public void inject(HttpHeaders outgoing) {
              outgoing.set("traceparent", "t");
            }

            @Override
            public void end() {
              heard.add("end");
            }
          };

  private FakeResponse answer(String... fields) {
    FakeResponse response = new FakeResponse();
    FakeRequest request = FakeRequest.get("/a");
    NewRelicPlugin.wrap(
            (req, res) -> {
              assertThat(req.headers().get("traceparent")).isEqualTo("t");
              HttpHeaders headers = new HttpHeaders().set("X-Kept", "1");
              for (int i = 0; i < fields.length; i += 2) {
                headers.add(fields[i], fields[i + 1]);
              }
              res.head(200, headers);
              res.end();
            },
            agent)
        .handle(request, response);
    assertThat(response.headers().size()).as("only X-Kept goes on").isEqualTo(1);
    return response;
  }

  @Test
  void renamesAndDescribesATransaction() {
    answer(
        "Rr_newrelic", "transaction_name:checkout",
        "rr_newrelic", "user:a:b",
        "Rr_newrelic", "empty:",
        "Rr_newrelic", ":nokey",
        "Rr_newrelic", "nocolon");

    assertThat(heard).containsExactlyInAnyOrder("rename checkout", "user=a:b", "empty=", "end");
  }

  @Test
  void tellsUtf8AsText() {
    answer(
        "Rr_newrelic_error",
        new String(
            "message:\u00c0 la carte".getBytes(StandardCharsets.UTF_8),
            StandardCharsets.ISO_8859_1));

    assertThat(heard).containsExactly("error error \u00c0 la carte", "end");
  }

  @Test
  void noticesAnErrorAndThenNothingElse() {
    answer(
        "Rr_newrelic", "user:x",
        "Rr_newrelic_error", "Message:it broke",
        "Rr_newrelic_error", "CLASS:RuntimeException",
        "Rr_newrelic_error", "attributes:a=1");

    assertThat(heard)
        .containsExactly("error.attributes=a=1", "error RuntimeException it broke", "end");
  }

  @Test
  void ignoresATransactionThatAsksForIt() {
    answer("Rr_newrelic_ignore", "true", "Rr_newrelic", "user:x");

    assertThat(heard).containsExactly("ignore", "end");
  }

  @Test
  void saysNothingOfAnAnswerThatSaysNothing() {
    answer();

    assertThat(heard).containsExactly("end");
  }

  @Test
  void takesTheLastOfEqualKeysAndTrims() {
    answer("Rr_newrelic", "user : a", "Rr_newrelic", "user:  b ", "RR_NEWRELIC", " :x");

    assertThat(heard).containsExactly("user=b", "end");
  }

  @Test
  void anErrorNeedsNoPartOfItsOwn() {
    answer("Rr_newrelic_error", "no colon");

    assertThat(heard).containsExactly("error error ", "end");
  }

  @Test
  void ignoresOnlyWhenToldSo() {
    answer("Rr_newrelic_ignore", "false");
    answer("Rr_newrelic_ignore", "TRUE");

    assertThat(heard).containsExactly("end", "ignore", "end");
  }

  @Test
  void namesATransactionAfterTheTarget() {
    List<String> names = new ArrayList<>();
    Agent naming =
        (name, incoming) -> {
          names.add(name + " of " + incoming.get("traceparent"));
          return agent.begin(name, incoming);
        };
    FakeRequest request = FakeRequest.get("/a?b=c").header("traceparent", "callers");
    NewRelicPlugin.wrap((req, res) -> {}, naming).handle(request, new FakeResponse());

    assertThat(names).containsExactly("/a?b=c of callers");
  }

  @Test
  void streamsTheBodyThroughPieceByPiece() {
    FakeResponse response = new FakeResponse();
    NewRelicPlugin.wrap(
            (req, res) -> {
              res.interim(103, new HttpHeaders().set("Link", "</a>"));
              res.head(200, new HttpHeaders().set("Rr_newrelic", "transaction_name:stream"));
              for (String piece : List.of("one ", "two ", "three")) {
                res.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
                assertThat(response.text()).endsWith(piece);
              }
              assertThat(heard).containsExactly("rename stream");
              res.end(new HttpHeaders().set("X-Checksum", "1"));
            },
            agent)
        .handle(FakeRequest.get("/"), response);

    assertThat(response.text()).isEqualTo("one two three");
    assertThat(response.interims()).containsExactly(103);
    assertThat(response.trailers().get("X-Checksum")).isEqualTo("1");
    assertThat(heard).containsExactly("rename stream", "end");
  }

  @Test
  void endsATransactionWhoseAnswerWasBrokenOff() {
    NewRelicPlugin.wrap((req, res) -> res.abort(new IllegalStateException("lost")), agent)
        .handle(FakeRequest.get("/"), new FakeResponse());

    assertThat(heard).containsExactly("end");
  }

  @Test
  void bridgesToATracerWhichNeverHearsOfIgnoredOnes() {
    List<String> traced = new ArrayList<>();
    Tracer tracer =
        (name, kind, incoming) -> {
          traced.add(kind + " " + name);
          return new RecordingSpan(traced);
        };
    Agent bridge = new TracerAgent(tracer, "shop");
    Agent.Transaction one = bridge.begin("/a", new HttpHeaders());
    one.rename("checkout");
    one.attribute("user", "x");
    one.error("RuntimeException", "it broke");
    one.end();
    Agent.Transaction other = bridge.begin("/b", new HttpHeaders());
    other.ignore();
    other.end();

    assertThat(traced)
        .containsExactly(
            "SERVER /a",
            "newrelic.app_name=shop",
            "rename checkout",
            "user=x",
            "error.type=RuntimeException",
            "error it broke",
            "end",
            "SERVER /b",
            "newrelic.app_name=shop");
  }

  @Test
  void asksForBothKeysAtOnceAndTakesThemFromTheEnvironment() throws Exception {
    assertThat(FoundProblems.of(plugin("", "", Map.of())))
        .containsExactly(
            "http.new_relic.license_key: license key should not be empty; set it, or"
                + " NEW_RELIC_LICENSE_KEY",
            "http.new_relic.app_name: application name should not be empty; set it, or"
                + " NEW_RELIC_APP_NAME");
    Map<String, String> environment =
        Map.of("NEW_RELIC_APP_NAME", "shop", "NEW_RELIC_LICENSE_KEY", "secret");
    assertThat(FoundProblems.of(plugin("", "", environment))).isEmpty();
    assertThat(FoundProblems.of(plugin("shop", "secret", Map.of()))).isEmpty();
  }

  private static NewRelicPlugin plugin(
      String name, String license, Map<String, String> environment) {
    return new NewRelicPlugin(
        new NewRelicConfig(name, license),
        new FakeConfigurer(),
        new FakeHost(Path.of(""), environment),
        (target, kind, incoming) -> new RecordingSpan(new ArrayList<>()));
  }
}

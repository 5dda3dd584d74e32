package dev.rr.plugin.newrelic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHeaders;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.util.ArrayList;
import java.util.List;
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
}

package dev.rr.plugin.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.Deadline;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.worker.RecordingLog;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SamplePluginTest {
  private final SamplePlugin plugin =
      new SamplePlugin(new SampleConfig("127.0.0.1:0"), new FakeHost(), name -> new RecordingLog());

  @AfterEach
  void stopTwice() throws Exception {
    plugin.stop(Deadline.after(Duration.ofSeconds(5)));
    plugin.stop(Deadline.after(Duration.ofSeconds(5)));
  }

  @Test
  void showsThePageAndNothingElse() throws Exception {
    plugin.start();

    assertThat(get("/").body()).isEqualTo("rr 1.2.3\n");
    assertThat(get("/other").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String target) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + plugin.address().getPort() + target);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }

  @Test
  void anAddressThatIsNoPortIsToldBeforeTheStart() {
    assertThat(FoundProblems.of(new SampleConfig("unix://page.sock"), "sample"))
        .singleElement()
        .asString()
        .contains("sample.address", "a unix socket is not possible here");
  }
}

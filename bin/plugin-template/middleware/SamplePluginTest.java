package dev.rr.plugin.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import org.junit.jupiter.api.Test;

class SamplePluginTest {
  private static final HttpHandler APPLICATION =
      (request, response) -> {
        response.head(200, new HttpHeaders());
        response.end(HttpHeaders.EMPTY);
      };

  @Test
  void setsItsHeader() {
    FakeResponse response = new FakeResponse();

    new SamplePlugin(new SampleConfig("good morning"))
        .wrap(APPLICATION)
        .handle(FakeRequest.get("/"), response);

    assertThat(response.headers().get(SamplePlugin.HEADER)).isEqualTo("good morning");
  }
}

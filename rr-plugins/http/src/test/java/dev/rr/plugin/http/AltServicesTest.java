package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.http.RawClient;
import dev.rr.testing.worker.FakePool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AltServicesTest {
  @Test
  void announcesWhatAnotherTransportAsksForUntilItStops() throws Exception {
    try (TestServer server = TestServer.start(FakePool.answering("{\"status\":200}", "x"));
        RawClient client = new RawClient(server.connect())) {
      String get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
      assertThat(client.send(get).readAnswer()).doesNotContain("Alt-Svc");
      server.plugin().announce("h3=\":443\"; ma=86400");
      assertThat(client.send(get).readAnswer()).contains("\r\nAlt-Svc: h3=\":443\"; ma=86400\r\n");
      server.plugin().announce("");
      assertThat(client.send(get).readAnswer()).doesNotContain("Alt-Svc");
    }
  }
}

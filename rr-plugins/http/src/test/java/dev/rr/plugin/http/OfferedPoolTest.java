package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.FakePool;
import org.junit.jupiter.api.Test;

class OfferedPoolTest {
  @Test
  void offersThePoolAndItsFiguresUnderUpstreamsNames() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool)) {
      server.plugin().pool().reset();
      assertThat(pool.managed()).containsExactly("start", "reset");
      assertThat(Scrape.of(server.plugin().metrics()).values())
          .containsEntry("rr_http_total_workers", 0.0)
          .containsEntry("rr_http_workers_ready", 0.0);
    }
    assertThat(pool.managed()).endsWith("stop");
  }
}

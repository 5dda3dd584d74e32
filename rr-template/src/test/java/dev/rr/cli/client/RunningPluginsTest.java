package dev.rr.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.Host.PluginStatus;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class RunningPluginsTest {
  @Test
  void tellsWhatTheRunningServerSays() throws IOException {
    String answer =
        """
        [{"id":"http","version":"1","state":"disabled","reason":"no section \\"http\\""},\
        {"id":"rpc","version":"1","state":"live","reason":""}]\
        """;
    try (FakeServer server = new FakeServer(call -> answer)) {
      RunningPlugins running = RunningPlugins.ask(server.address()).orElseThrow();

      assertThat(running.plugins())
          .containsExactly(
              new PluginStatus("http", "1", "disabled", "no section \"http\""),
              new PluginStatus("rpc", "1", "live", ""));
      assertThat(server.calls).containsExactly("rpc.Pluginstrue");
    }
  }

  @Test
  void isEmptyWhenTheServerDoesNotKnowTheQuestion() throws IOException {
    try (FakeServer server = new FakeServer(call -> "<rpc: can't find method rpc.Plugins>")) {
      assertThat(RunningPlugins.ask(server.address())).isEmpty();
    }
  }

  @Test
  void isEmptyWhenNobodyListens() throws IOException {
    RpcAddress gone;
    try (FakeServer server = new FakeServer(call -> "null")) {
      gone = server.address();
    }
    assertThat(RunningPlugins.ask(gone)).isEmpty();
  }

  @Test
  void isEmptyForAnAddressThatIsNone() {
    assertThat(RunningPlugins.ask("xinu://nowhere", Path.of("/"))).isEmpty();
  }
}

package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.ShellCommand;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectTest {
  @TempDir Path folder;
  private Web web;

  @BeforeEach
  void configure() throws Exception {
    web = Web.in(folder);
  }

  @Test
  void liveAndDisabledPluginsAreListedWithTheReason() {
    ShellCommand.Result got = web.rr("plugins", "-c", ".rr.yaml").run();
    assertThat(got.exit()).as(got.text()).isZero();
    for (String id :
        new String[] {"config", "http", "informer", "logger", "resetter", "rpc", "server"}) {
      assertThat(got.out()).containsPattern("(?m)^\\W*" + id + "\\b.*live");
    }
    assertThat(got.out()).containsPattern("(?m)^\\W*headers\\b.*disabled.*http\\.headers");
  }

  @Test
  void aChainOfReasonsIsShown() throws Exception {
    web.configured("version: \"3\"\nhttp: {address: 127.0.0.1:%d}\n".formatted(web.port()));
    ShellCommand.Result got = web.rr("plugins", "-c", ".rr.yaml").run();
    assertThat(got.out()).containsPattern("(?m)^\\W*server\\b.*disabled");
    assertThat(got.out()).containsPattern("(?m)^\\W*http\\b.*disabled.*server");
  }

  @Test
  void theGraphNamesEveryPlugin() {
    ShellCommand.Result got = web.rr("graph", "-c", ".rr.yaml").run();
    assertThat(got.exit()).as(got.text()).isZero();
    assertThat(got.out()).contains("http", "server", "config", "logger", "headers");
  }

  @Test
  void twoRunsPrintTheSame() {
    String first = web.rr("graph", "-c", ".rr.yaml").run().out();
    assertThat(web.rr("graph", "-c", ".rr.yaml").run().out()).isEqualTo(first);
  }
}

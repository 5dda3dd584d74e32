package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
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

  @Test
  void aFirstConfigurationIsCorrect() throws Exception {
    Path fresh = Files.createDirectories(folder.resolve("fresh/public")).getParent();
    Files.copy(Web.SAMPLE, fresh.resolve("worker.php"));
    ShellCommand.Result got = ShellCommand.in(fresh, Web.RR.toString(), "init").run();
    assertThat(got.exit()).as(got.text()).isZero();
    got = ShellCommand.in(fresh, Web.RR.toString(), "config", "check", "--strict").run();
    assertThat(got.exit()).as(got.text()).isZero();
    assertThat(got.out()).contains("the configuration is correct");
  }

  @Test
  void withoutAConfigurationTheServerNamesTheCommandThatWritesOne() throws Exception {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    ShellCommand.Result got = ShellCommand.in(empty, Web.RR.toString(), "serve").run();
    assertThat(got.exit()).isEqualTo(1);
    assertThat(got.err()).contains("no such file: " + empty + "/.rr.yaml", "rr init");
    assertThat(empty).isEmptyDirectory();
  }

  @Test
  void whatIsInForceIsShownWithItsSource() {
    ShellCommand.Result got =
        web.rr("config", "show", "-o", "http.pool.max_jobs=7").with("NO_COLOR", "1").run();
    assertThat(got.exit()).as(got.text()).isZero();
    assertThat(got.out())
        .containsPattern("num_workers: 2 +# .rr.yaml:9\n")
        .containsPattern("max_jobs: \"7\" +# -o http.pool.max_jobs\n")
        .containsPattern("allocate_timeout: \"60s\" +# default\n")
        .doesNotContain("ssl:");
  }

  @Test
  void theSchemaHoldsTheSectionsOfTheBinary() {
    ShellCommand.Result got = web.rr("config", "schema").run();
    assertThat(got.exit()).as(got.text()).isZero();
    assertThat(got.out())
        .startsWith("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\"")
        .contains("\"num_workers\": {", "\"maximum\": 500", "\"endure\": {");
  }

  @Test
  void doctorFindsAPortThatSomebodyElseHas() throws Exception {
    assertThat(web.rr("doctor").run().exit()).isZero();
    try (ServerSocket other = new ServerSocket(web.port(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(other.isBound()).isTrue();
      ShellCommand.Result got = web.rr("doctor").run();
      assertThat(got.exit()).as(got.text()).isEqualTo(1);
      assertThat(got.out()).contains("http.address: cannot listen on", "→ stop who has it");
    }
  }

  @Test
  void doctorKnowsTheServerThatRuns() throws Exception {
    try (RrServer server = web.serve()) {
      ShellCommand.Result got = web.rr("doctor").run();
      assertThat(got.exit()).as(got.text()).isZero();
      assertThat(got.out()).contains("the server of this configuration runs");
      assertThat(server.stop()).isZero();
    }
  }
}

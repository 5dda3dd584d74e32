package dev.rr.plugin.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.health.RemoteServer;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.config.Configuration;
import dev.rr.config.Sections;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NatsPluginTest {
  @TempDir Path folder;

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  private static NatsPlugin plugin(String addr) {
    return new NatsPlugin(new NatsConfig(addr), StreamKeysBinder.INSTANCE, name -> Log.NONE);
  }

  private Configuration configuration(String addr, String config) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(
        file,
        "version: \"3\"\nnats: {addr: \""
            + addr
            + "\"}\njobs: {pipelines: {p: {driver: nats, config: "
            + config
            + "}}}\n");
    return Configuration.read(file);
  }

  private PipelineSpec spec(String config, Problems problems) throws IOException {
    Section section =
        configuration("", config).section("jobs.pipelines.p", problems).flattened("config");
    return new PipelineSpec("p", 10, section, false);
  }

  @Test
  void tellsWhereItsServersAreWithoutWhoCalls() {
    assertThat(plugin("nats://user:hunter2@a.test:4223, tok3n@b.test").remoteServers())
        .containsExactly(
            new RemoteServer("nats.addr", "a.test:4223"),
            new RemoteServer("nats.addr", "b.test:4222"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{} |",
        "{subject: 'a.>', stream: s-1, prefetch: 0, ack_wait: 30, deliver_new: true,"
            + " rate_limit: 100, delete_stream_on_stop: true, delete_after_ack: true,"
            + " consume_all: true} |",
        "{subject: 'a..b'} | 'a..b' is no subject; allowed are words with dots between",
        "{stream: 'a.b'} | 'a.b' is no name of a stream; not allowed are blanks and . * > /",
        "{ack_wait: 30ms} | '30ms' is not between 1s and 24h",
        "{ack_wait: long} | allowed are seconds, such as 5, and 1m30s",
        "{prefetch: -1} | prefetch",
        "{prefetch: many} | prefetch"
      })
  void looksAtThePipelinesKeysBeforeTheStart(String config, String problem) throws Exception {
    Problems problems = new Problems();
    PipelineSpec spec = spec(config, problems);
    problems.collect(() -> plugin("").check(spec));
    if (problem == null) {
      assertThat(problems.found()).isEmpty();
    } else {
      assertThat(problems.found()).singleElement().asString().contains(problem);
    }
  }

  @Test
  void aDeclaredPipelineSaysTheSameInTexts() {
    StreamKeys keys =
        Sections.of(
                Map.of(
                    "prefetch", "7",
                    "ack_wait", "45",
                    "deliver_new", "true",
                    "delete_after_ack", "true",
                    "rate_limit", "100"),
                new Problem.Place(null, 0, "jobs.pipelines.p"),
                new Problems())
            .bind(StreamKeysBinder.INSTANCE);
    assertThat(keys.held(true)).isEqualTo(7);
    assertThat(keys.patience()).isEqualTo(Duration.ofSeconds(45));
    assertThat(keys.deliverNew()).isTrue();
    assertThat(keys.deleteAfterAck()).isTrue();
    assertThat(keys.subject()).isEqualTo("default");
    assertThat(keys.stream()).isEqualTo("default-stream");
    StreamKeys defaults = TestNats.keys("s", 0, "0", false);
    assertThat(defaults.held(true)).isEqualTo(100);
    assertThat(defaults.held(false)).isEqualTo(10);
    assertThat(defaults.patience()).isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nats://127.0.0.1:4222",
        "127.0.0.1:4222",
        "tls://u:p@[::1]:4222",
        "nats://token@a:1, nats://b"
      })
  void takesServersAsTheClientDoes(String addr) throws Exception {
    Problems problems = new Problems();
    Section section = configuration(addr, "{}").section("nats", problems);
    problems.collect(() -> section.bind(NatsConfigBinder.INSTANCE));
    assertThat(problems.found()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://u:hidden@h:1, http:// is not known",
    "nats://u:hidden@, it has no host",
    "nats://hidden@a b, Illegal character"
  })
  void saysWhatIsNoServerWithoutItsPassword(String addr, String problem) throws Exception {
    Problems problems = new Problems();
    Section section = configuration(addr, "{}").section("nats", problems);
    problems.collect(() -> section.bind(NatsConfigBinder.INSTANCE));
    assertThat(problems.found())
        .singleElement()
        .asString()
        .contains(problem)
        .doesNotContain("hidden");
  }

  @Test
  void aPasswordIsNotInMessages() throws Exception {
    String addr = "nats://user:hidden@127.0.0.1:" + TestServer.freePort();
    NatsPlugin plugin = plugin(addr);
    PipelineSpec spec = spec("{}", new Problems());
    assertThatThrownBy(() -> plugin.open(spec, new RecordingSink(1)))
        .hasMessageContaining("nats-server at nats://127.0.0.1:")
        .hasMessageNotContaining("hidden");
    plugin.stop(soon());
  }

  @Test
  void leavesNothingBehind() throws Exception {
    LeakCheck.around(() -> {
      NatsPlugin plugin = plugin("");
      plugin.stop(soon());
      plugin.stop(soon());
    });
    try (TestServer nats = TestNats.start(folder)) {
      LeakCheck.around(() -> {
        NatsPlugin plugin = plugin("nats://127.0.0.1:" + nats.port());
        Pipeline pipeline =
            plugin.open(spec("{stream: s, subject: t}", new Problems()), new RecordingSink(1));
        pipeline.resume(soon());
        pipeline.stop(soon());
        plugin.stop(soon());
        plugin.stop(soon());
      });
    }
  }
}

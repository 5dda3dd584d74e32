package dev.rr.plugin.googlepubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.config.Configuration;
import dev.rr.config.Sections;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.plugin.FakeConfigurer;
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

class GooglePubSubPluginTest {
  @TempDir Path folder;

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  private static GooglePubSubPlugin plugin(String endpoint) {
    return new GooglePubSubPlugin(
        new PubSubConfig(endpoint, true),
        PubSubKeysBinder.INSTANCE,
        new FakeConfigurer(),
        name -> Log.NONE);
  }

  private Configuration configuration(String global, String config) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(
        file,
        "version: \"3\"\ngoogle_pub_sub: "
            + global
            + "\njobs: {pipelines: {p: {driver: google_pub_sub, config: "
            + config
            + "}}}\n");
    return Configuration.read(file);
  }

  private PipelineSpec spec(String config, Problems problems) throws IOException {
    Section section =
        configuration("{}", config).section("jobs.pipelines.p", problems).flattened("config");
    return new PipelineSpec("p", 10, section, false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{project_id: p, topic: t} |",
        "{project_id: p, topic: t, dead_letter_topic: d, max_delivery_attempts: 5, prefetch: 7,"
            + " priority: 3} |",
        "{topic: t} | project_id is required",
        "{project_id: p} | topic is required",
        "{project_id: p, topic: projects/p/topics/t} | 'projects/p/topics/t' is no name: it has a"
            + " slash",
        "{project_id: p, topic: t, dead_letter_topic: t} | 't' is the topic itself",
        "{project_id: p, topic: t, max_delivery_attempts: 101} | max_delivery_attempts",
        "{project_id: p, topic: t, prefetch: many} | prefetch"
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
    PubSubKeys keys =
        Sections.of(
                Map.of(
                    "project_id", "my-project",
                    "topic", "jobs",
                    "dead_letter_topic", "dead",
                    "max_delivery_attempts", "7",
                    "prefetch", "20"),
                new Problem.Place(null, 0, "jobs.pipelines.p"),
                new Problems())
            .bind(PubSubKeysBinder.INSTANCE);
    assertThat(keys.topicName()).isEqualTo("projects/my-project/topics/jobs");
    assertThat(keys.deadLetterTopicName()).isEqualTo("projects/my-project/topics/dead");
    assertThat(keys.subscriptionName("p")).isEqualTo("projects/my-project/subscriptions/p");
    assertThat(keys.maxDeliveryAttempts()).isEqualTo(7);
    assertThat(keys.prefetch()).isEqualTo(20);
    PubSubKeys defaults = new PubSubKeys("p", "t", "", 0, 0);
    assertThat(defaults.deadLetterTopicName()).isEmpty();
    assertThat(defaults.maxDeliveryAttempts()).isEqualTo(10);
    assertThat(defaults.prefetch()).isEqualTo(1000);
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 127.0.0.1, 8085, false",
    "'', 'localhost:8681', localhost, 8681, true",
    "'here:1', 'localhost:8681', here, 1, true",
    "'pubsub.googleapis.com', '', pubsub.googleapis.com, 443, false",
    "'[::1]:8085', '', '::1', 8085, false"
  })
  void anEmulatorOfTheEnvironmentIsSpokenToInPlaintext(
      String endpoint, String emulator, String host, int port, boolean plaintext) {
    PubSubConfig config = new PubSubConfig(endpoint, false);
    Map<String, String> environment = Map.of("PUBSUB_EMULATOR_HOST", emulator);
    assertThat(config.address(environment).host()).isEqualTo(host);
    assertThat(config.address(environment).port()).isEqualTo(port);
    assertThat(config.plaintext(environment)).isEqualTo(plaintext);
  }

  @Test
  void saysWhatIsNoEndpoint() throws Exception {
    Problems problems = new Problems();
    Section section =
        configuration("{endpoint: 'https://pubsub.googleapis.com'}", "{}")
            .section("google_pub_sub", problems);
    problems.collect(() -> section.bind(PubSubConfigBinder.INSTANCE));
    assertThat(problems.found())
        .singleElement()
        .asString()
        .contains("google_pub_sub.endpoint", "https:// is not known");
  }

  @Test
  void leavesNothingBehind() throws Exception {
    LeakCheck.around(() -> {
      GooglePubSubPlugin plugin = plugin("");
      plugin.stop(soon());
      plugin.stop(soon());
    });
    try (TestPubSub server = new TestPubSub(folder)) {
      LeakCheck.around(() -> {
        GooglePubSubPlugin plugin = plugin("127.0.0.1:" + server.port());
        Pipeline pipeline =
            plugin.open(spec("{project_id: rr, topic: t}", new Problems()), new RecordingSink(1));
        pipeline.resume(soon());
        pipeline.stop(soon());
        plugin.stop(soon());
        plugin.stop(soon());
      });
    }
  }
}

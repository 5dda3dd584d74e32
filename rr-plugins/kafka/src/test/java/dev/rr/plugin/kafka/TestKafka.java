package dev.rr.plugin.kafka;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.config.Sections;
import dev.rr.testing.jobs.TestJobs;
import dev.rr.testing.jobs.TestPipelines;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The plugin, and the pipelines that a test opens. One thread. */
final class TestKafka implements AutoCloseable {
  final RecordingLog log;
  private final TestPipelines pipelines;

  private TestKafka(KafkaConfig config, Path folder, RecordingLog log) {
    this.log = log;
    this.pipelines =
        new TestPipelines(
            new KafkaPlugin(
                config,
                PipelineKeysBinder.INSTANCE,
                new FakeConfigurer(),
                new FakeHost(folder),
                name -> log));
  }

  /** With a {@code kafka} section of these keys. */
  static TestKafka with(Map<String, ?> keys, Path folder) {
    return with(keys, folder, new RecordingLog());
  }

  static TestKafka with(Map<String, ?> keys, Path folder, RecordingLog log) {
    return new TestKafka(config(keys), folder, log);
  }

  static KafkaConfig config(Map<String, ?> keys) {
    return section("kafka", keys).bind(KafkaConfigBinder.INSTANCE);
  }

  static TestKafka at(String address) {
    return with(Map.of("brokers", List.of(address)), Path.of("."));
  }

  /** The keys of a pipeline that consumes this topic in a group of the same name. */
  static Map<String, Object> keys(String topic) {
    return new HashMap<>(
        Map.of(
            "auto_create_topics_enable",
            "true",
            "consumer_options",
            "{\"topics\": [\"" + topic + "\"]}",
            "group_options",
            "{\"group_id\": \"" + topic + "\", \"session_timeout\": \"2s\"}"));
  }

  static String unique() {
    return "t-" + UUID.randomUUID();
  }

  static PipelineSpec spec(String name, Map<String, ?> keys) {
    return new PipelineSpec(name, TestJobs.PRIORITY, section("jobs.pipelines." + name, keys), true);
  }

  private static Section section(String path, Map<String, ?> keys) {
    return Sections.of(keys, new Problem.Place(null, 0, path), new Problems());
  }

  Pipeline open(String name, Map<String, ?> keys, JobSink sink) throws Exception {
    return pipelines.open(spec(name, keys), sink);
  }

  @Override
  public void close() throws Exception {
    pipelines.close();
  }
}

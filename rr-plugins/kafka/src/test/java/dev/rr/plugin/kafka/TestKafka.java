package dev.rr.plugin.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.plugin.Deadline;
import dev.rr.config.Sections;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The plugin, and the pipelines that a test opens. One thread. */
final class TestKafka implements AutoCloseable {
  static final long PRIORITY = 10;

  final RecordingLog log = new RecordingLog();
  final KafkaPlugin plugin;
  private final List<Pipeline> open = new ArrayList<>();

  TestKafka(KafkaConfig config, Path folder) {
    this.plugin =
        new KafkaPlugin(
            config,
            PipelineKeysBinder.INSTANCE,
            new FakeConfigurer(),
            new FakeHost(folder),
            name -> log);
  }

  /** With a {@code kafka} section of these keys. */
  static TestKafka with(Map<String, ?> keys, Path folder) {
    return new TestKafka(config(keys), folder);
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
    return new PipelineSpec(name, PRIORITY, section("jobs.pipelines." + name, keys), true);
  }

  private static Section section(String path, Map<String, ?> keys) {
    return Sections.of(keys, new Problem.Place(null, 0, path), new Problems());
  }

  Pipeline open(String name, Map<String, ?> keys, JobSink sink) throws Exception {
    PipelineSpec spec = spec(name, keys);
    plugin.check(spec);
    Pipeline pipeline = plugin.open(spec, sink);
    open.add(pipeline);
    return pipeline;
  }

  static Job job(String payload) {
    return job(payload, Map.of(), Job.LogPlace.NONE);
  }

  static Job job(String payload, Map<String, List<String>> headers, Job.LogPlace place) {
    return new Job(
        UUID.randomUUID().toString(),
        "task",
        payload.getBytes(UTF_8),
        headers,
        new Job.Options(PRIORITY, Duration.ZERO, false, place));
  }

  static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20));
  }

  @Override
  public void close() throws Exception {
    for (Pipeline pipeline : open) {
      pipeline.stop(soon());
    }
    plugin.stop(soon());
  }
}

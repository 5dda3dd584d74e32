package dev.rr.plugin.sqs;

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
import dev.rr.testing.worker.RecordingLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The plugin, and the pipelines that a test opens. One thread. */
final class TestSqs implements AutoCloseable {
  static final long PRIORITY = 10;

  final RecordingLog log = new RecordingLog();
  final SqsPlugin plugin;
  private final List<Pipeline> open = new ArrayList<>();

  /** With a {@code sqs} section of these keys. */
  TestSqs(Map<String, ?> keys) {
    this.plugin =
        new SqsPlugin(
            section("sqs", keys).bind(SqsConfigBinder.INSTANCE),
            QueueKeysBinder.INSTANCE,
            name -> log);
  }

  /** Of what listens on this port of the loopback. */
  static TestSqs at(int port) {
    return new TestSqs(
        Map.of(
            "key", "test",
            "secret", "hidden",
            "region", "eu-central-1",
            "endpoint", "http://127.0.0.1:" + port));
  }

  static TestSqs shared() throws Exception {
    return at(ElasticMq.shared().port());
  }

  /** The name of a queue that nobody else uses. */
  static String unique() {
    return "t-" + UUID.randomUUID();
  }

  /** The keys of a pipeline on a queue, with more of them. */
  static Map<String, Object> keys(String queue, Object... more) {
    Map<String, Object> keys = new HashMap<>(Map.of("queue", queue));
    for (int i = 0; i < more.length; i += 2) {
      keys.put((String) more[i], more[i + 1]);
    }
    return keys;
  }

  static PipelineSpec spec(String name, Map<String, ?> keys) {
    return new PipelineSpec(name, PRIORITY, section("jobs.pipelines." + name, keys), true);
  }

  static Section section(String path, Map<String, ?> keys) {
    return Sections.of(keys, new Problem.Place(null, 0, path), new Problems());
  }

  Pipeline open(Map<String, ?> keys, JobSink sink) throws Exception {
    PipelineSpec spec = spec("p", keys);
    plugin.check(spec);
    Pipeline pipeline = plugin.open(spec, sink);
    open.add(pipeline);
    return pipeline;
  }

  static Job job(String payload) {
    return job(payload, Map.of(), Duration.ZERO);
  }

  static Job job(String payload, Map<String, List<String>> headers, Duration delay) {
    return new Job(
        UUID.randomUUID().toString(),
        "task",
        payload.getBytes(UTF_8),
        headers,
        new Job.Options(PRIORITY, delay, false, Job.LogPlace.NONE));
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

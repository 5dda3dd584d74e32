package dev.rr.plugin.sqs;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.config.Sections;
import dev.rr.testing.jobs.TestJobs;
import dev.rr.testing.jobs.TestPipelines;
import dev.rr.testing.worker.RecordingLog;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The plugin, and the pipelines that a test opens. One thread. */
final class TestSqs implements AutoCloseable {
  final RecordingLog log;
  private final TestPipelines pipelines;

  /** With a {@code sqs} section of these keys. */
  TestSqs(Map<String, ?> keys) {
    this(keys, new RecordingLog());
  }

  private TestSqs(Map<String, ?> keys, RecordingLog log) {
    this.log = log;
    this.pipelines =
        new TestPipelines(
            new SqsPlugin(
                section("sqs", keys).bind(SqsConfigBinder.INSTANCE),
                QueueKeysBinder.INSTANCE,
                name -> log));
  }

  /** Of what listens on this port of the loopback. */
  static TestSqs at(int port) {
    return at(port, new RecordingLog());
  }

  static TestSqs at(int port, RecordingLog log) {
    return new TestSqs(
        Map.of(
            "key", "test",
            "secret", "hidden",
            "region", "eu-central-1",
            "endpoint", "http://127.0.0.1:" + port),
        log);
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
    return new PipelineSpec(name, TestJobs.PRIORITY, section("jobs.pipelines." + name, keys), true);
  }

  static Section section(String path, Map<String, ?> keys) {
    return Sections.of(keys, new Problem.Place(null, 0, path), new Problems());
  }

  Pipeline open(Map<String, ?> keys, JobSink sink) throws Exception {
    return pipelines.open(spec("p", keys), sink);
  }

  @Override
  public void close() throws Exception {
    pipelines.close();
  }
}

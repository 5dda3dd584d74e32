package dev.rr.plugin.amqp;

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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The plugin, and the pipelines that a test opens. One thread. */
final class TestAmqp implements AutoCloseable {
  final RecordingLog log;
  private final TestPipelines pipelines;

  TestAmqp(AmqpConfig config, Path folder) {
    this(config, folder, new RecordingLog());
  }

  private TestAmqp(AmqpConfig config, Path folder, RecordingLog log) {
    this.log = log;
    this.pipelines =
        new TestPipelines(
            new AmqpPlugin(
                config,
                FlatKeysBinder.INSTANCE,
                new FakeConfigurer(),
                new FakeHost(folder),
                name -> log));
  }

  static TestAmqp at(String address) {
    return at(address, new RecordingLog());
  }

  static TestAmqp at(String address, RecordingLog log) {
    return new TestAmqp(new AmqpConfig(address, Optional.empty()), Path.of("."), log);
  }

  /** The keys of a pipeline whose queue and exchange are nobody else's. */
  static Map<String, Object> unique() {
    String name = "q-" + UUID.randomUUID();
    return new HashMap<>(Map.of("queue", name, "exchange", "x-" + name, "routing_key", name));
  }

  static PipelineSpec spec(String name, Map<String, ?> keys) {
    Section section =
        Sections.of(keys, new Problem.Place(null, 0, "jobs.pipelines." + name), new Problems());
    return new PipelineSpec(name, TestJobs.PRIORITY, section, true);
  }

  Pipeline open(String name, Map<String, ?> keys, JobSink sink) throws Exception {
    return pipelines.open(spec(name, keys), sink);
  }

  @Override
  public void close() throws Exception {
    pipelines.close();
  }
}

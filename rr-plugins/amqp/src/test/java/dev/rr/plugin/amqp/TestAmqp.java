package dev.rr.plugin.amqp;

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
import java.util.Optional;
import java.util.UUID;

/** The plugin, and the pipelines that a test opens. One thread. */
final class TestAmqp implements AutoCloseable {
  static final long PRIORITY = 10;

  final RecordingLog log = new RecordingLog();
  final AmqpPlugin plugin;
  private final List<Pipeline> open = new ArrayList<>();

  TestAmqp(AmqpConfig config, Path folder) {
    this.plugin =
        new AmqpPlugin(
            config,
            FlatKeysBinder.INSTANCE,
            new FakeConfigurer(),
            new FakeHost(folder),
            name -> log);
  }

  static TestAmqp at(String address) {
    return new TestAmqp(new AmqpConfig(address, Optional.empty()), Path.of("."));
  }

  /** The keys of a pipeline whose queue and exchange are nobody else's. */
  static Map<String, Object> unique() {
    String name = "q-" + UUID.randomUUID();
    return new HashMap<>(Map.of("queue", name, "exchange", "x-" + name, "routing_key", name));
  }

  static PipelineSpec spec(String name, Map<String, ?> keys) {
    Section section =
        Sections.of(keys, new Problem.Place(null, 0, "jobs.pipelines." + name), new Problems());
    return new PipelineSpec(name, PRIORITY, section, true);
  }

  Pipeline open(String name, Map<String, ?> keys, JobSink sink) throws Exception {
    PipelineSpec spec = spec(name, keys);
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

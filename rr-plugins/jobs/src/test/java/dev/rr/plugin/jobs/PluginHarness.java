package dev.rr.plugin.jobs;

import com.google.protobuf.ByteString;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.JobsDriver;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Named;
import dev.rr.api.trace.Tracer;
import dev.rr.config.Configuration;
import dev.rr.proto.JobsProto;
import dev.rr.testing.jobs.InMemoryPipeline;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.RpcCalls;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.FakeServer;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** The plugin with a driver in memory and workers that are a piece of Java. */
final class PluginHarness implements AutoCloseable {
  static final JobsProto.Empty EMPTY = JobsProto.Empty.getDefaultInstance();

  final RecordingLog log = new RecordingLog();

  /** What the check warned of. */
  final List<String> warnings = new ArrayList<>();

  final FakePool pool;
  final FakeDriver driver = new FakeDriver();
  final JobsPlugin plugin;

  PluginHarness(Path folder, String jobs, FakePool.Worker worker) throws IOException {
    this(folder, jobs, worker, Optional.empty());
  }

  PluginHarness(Path folder, String jobs, FakePool.Worker worker, Optional<Tracer> tracer)
      throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\njobs: " + jobs + "\n");
    Configuration configuration = Configuration.read(file);
    pool = new FakePool(worker);
    plugin =
        new JobsPlugin(
            configuration.bind(JobsConfigBinder.INSTANCE),
            configuration,
            new FakeServer(pool),
            tracer,
            new FakeHost(folder),
            name -> log);
    plugin.driver(new Named("memory", 99), driver);
  }

  /** Whose workers all jobs are for. */
  static final class OnePool implements ManagedPipeline.Intake {
    @Override
    public Optional<String> pool(Job job, ManagedPipeline pipeline) {
      return Optional.of("");
    }

    @Override
    public void queued(String pool) {}

    @Override
    public void ended(ManagedPipeline pipeline, String reason) {}
  }

  /** A pipeline that nothing asks for anything. */
  static ManagedPipeline unopened() {
    Section none = new FakeConfigurer().section("", new Problems());
    return new ManagedPipeline(
        new PipelineSpec("unopened", 10, none, false),
        new JobsConfig.Keys("memory", "", 10, Optional.empty(), none),
        new FakeDriver(),
        new OnePool(),
        new Shared(
            new RecordingLog(),
            new Traces(Optional.empty()),
            new JobQueue(1, 1),
            Duration.ofSeconds(1)));
  }

  /** Checks and starts. */
  PluginHarness start() throws Exception {
    Problems problems = new Problems();
    plugin.check(problems);
    problems.throwIfAny();
    problems.warnings().forEach(warning -> warnings.add(warning.toString()));
    plugin.start();
    return this;
  }

  Object call(String method, Object argument) throws Exception {
    Object answer;
    try {
      answer = RpcCalls.call(new JobsPluginRpc(plugin), method, argument);
    } catch (ExecutionException later) {
      throw later.getCause() instanceof Exception cause ? cause : later;
    }
    if (answer == null) {
      throw new AssertionError(method + " answers nothing");
    }
    return answer;
  }

  void push(JobsProto.Job job) throws Exception {
    Object ignored = call("Push", JobsProto.PushRequest.newBuilder().setJob(job).build());
  }

  void on(String method, String... pipelines) throws Exception {
    Object ignored =
        call(method, JobsProto.Pipelines.newBuilder().addAllPipelines(List.of(pipelines)).build());
  }

  void declare(String... words) throws Exception {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < words.length; i += 2) {
      texts.put(words[i], words[i + 1]);
    }
    Object ignored =
        call("Declare", JobsProto.DeclareRequest.newBuilder().putAllPipeline(texts).build());
  }

  JobsProto.Stat stat(String pipeline) throws Exception {
    return ((JobsProto.Stats) call("Stat", EMPTY))
        .getStatsList().stream()
            .filter(stat -> stat.getPipeline().equals(pipeline))
            .findFirst()
            .orElseThrow();
  }

  double scraped(String series) {
    return Scrape.of(plugin.metrics()).values().getOrDefault(series, -1.0);
  }

  static JobsProto.Job job(String name, String pipeline) {
    return JobsProto.Job.newBuilder()
        .setJob(name)
        .setId("id of " + name)
        .setPayload(ByteString.copyFromUtf8("payload"))
        .setOptions(JobsProto.Options.newBuilder().setPipeline(pipeline))
        .build();
  }

  @Override
  public void close() throws Exception {
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
  }

  /** A driver whose pipelines can be lost. */
  static final class FakeDriver implements JobsDriver {
    private final Map<String, JobSink> sinks = new ConcurrentHashMap<>();
    private final Map<String, PipelineSpec> specs = new ConcurrentHashMap<>();
    private final Map<String, Pipeline> opened = new ConcurrentHashMap<>();
    final List<String> ends = new CopyOnWriteArrayList<>();
    final AtomicInteger opening = new AtomicInteger();
    volatile int failures;
    volatile CountDownLatch gate = new CountDownLatch(0);

    /** The sink of a pipeline that is open. */
    JobSink sink(String pipeline) {
      return Objects.requireNonNull(sinks.get(pipeline));
    }

    /** What was opened last. */
    Pipeline opened(String pipeline) {
      return Objects.requireNonNull(opened.get(pipeline));
    }

    /** How many jobs a pipeline has. */
    long active(String pipeline, Deadline deadline) {
      try {
        return opened(pipeline).state(deadline).active();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    /** What a pipeline was opened from. */
    PipelineSpec spec(String pipeline) {
      return Objects.requireNonNull(specs.get(pipeline));
    }

    @Override
    public void check(PipelineSpec spec) {
      long ignored = spec.config().integer("prefetch", 10, 0, 1000);
    }

    @Override
    public Pipeline open(PipelineSpec spec, JobSink sink) throws Exception {
      if (failures > 0) {
        failures--;
        throw new IOException("the broker is not there");
      }
      opening.incrementAndGet();
      gate.await();
      sinks.put(spec.name(), sink);
      specs.put(spec.name(), spec);
      Pipeline pipeline =
          new Watched(new InMemoryPipeline(spec.name(), spec.priority(), sink), ends);
      opened.put(spec.name(), pipeline);
      return pipeline;
    }
  }

  /**
   * A pipeline whose end is noted.
   *
   * @param ends {@code stop}, {@code release} and {@code destroy}
   */
  private record Watched(Pipeline pipeline, List<String> ends) implements Pipeline {
    @Override
    public void push(List<Job> jobs, Deadline deadline) throws Exception {
      pipeline.push(jobs, deadline);
    }

    @Override
    public void resume(Deadline deadline) throws Exception {
      pipeline.resume(deadline);
    }

    @Override
    public void pause(Deadline deadline) throws Exception {
      pipeline.pause(deadline);
    }

    @Override
    public PipelineState state(Deadline deadline) throws Exception {
      return pipeline.state(deadline);
    }

    @Override
    public void stop(Deadline deadline) throws Exception {
      ends.add("stop");
      pipeline.stop(deadline);
    }

    @Override
    public void release(Deadline deadline) throws Exception {
      ends.add("release");
      pipeline.stop(deadline);
    }

    @Override
    public void destroy(Deadline deadline) throws Exception {
      ends.add("destroy");
      pipeline.stop(deadline);
    }
  }
}

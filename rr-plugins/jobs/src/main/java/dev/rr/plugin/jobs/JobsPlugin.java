package dev.rr.plugin.jobs;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.error.OperationException;
import dev.rr.api.health.HealthCheck;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobsDriver;
import dev.rr.api.jobs.PipelineReporter;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Choice;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import dev.rr.api.rpc.RpcCall;
import dev.rr.api.trace.Span;
import dev.rr.api.trace.Tracer;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.api.worker.Resetter;
import dev.rr.api.worker.Server;
import dev.rr.api.worker.WorkerManager;
import dev.rr.metrics.PoolMetrics;
import dev.rr.proto.JobsProto;
import dev.rr.proto.JobsProto.Empty;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Has PHP work on jobs that wait in pipelines. */
@Plugin("jobs")
@EnabledBy("jobs")
final class JobsPlugin implements Lifecycle, PipelineReporter {
  private static final String POOL = "pool";

  /** What drivers get of the time that stopping may take, after the last running job. */
  private static final Duration LAST = Duration.ofSeconds(5);

  private static final Duration MOST_OF_ASKING = Duration.ofSeconds(60);

  private final JobsConfig config;
  private final Configurer configurer;
  private final Server server;
  private final Choice<JobsDriver> drivers;
  private final JobPools pools;
  private final Shared shared;
  private final PipelineRegistry pipelines;
  private final PushCalls pushes;
  private final Map<String, JobDispatcher> dispatchers = new LinkedHashMap<>();
  private volatile boolean started;

  JobsPlugin(
      JobsConfig config,
      Configurer configurer,
      Server server,
      Optional<Tracer> tracer,
      Host host,
      Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.server = server;
    this.drivers = new Choice<>(JobsDriver.class, "driver", host.catalogue());
    this.pools = new JobPools(pools(config, server));
    Log log = loggers.named("jobs");
    JobQueue queue = new JobQueue(config.pipelineSize(), Runtime.getRuntime().maxMemory() / 8);
    this.shared = new Shared(log, new Traces(tracer), queue, config.deadline());
    this.pipelines =
        new PipelineRegistry(drivers, config.pools().keySet(), config, new Arrivals(), shared);
    this.pushes = new PushCalls(pipelines, !config.pools().isEmpty(), shared);
    Settlement settlement = new Settlement(shared, new DeadLetters(shared, pipelines::find));
    pools
        .pools()
        .forEach((name, pool) ->
            dispatchers.put(name, new JobDispatcher(name, pool, shared, settlement)));
  }

  private static Map<String, Pool> pools(JobsConfig config, Server server) {
    Map<String, String> env = Map.of("RR_MODE", "jobs");
    Map<String, Pool> pools = new LinkedHashMap<>();
    config.pools().forEach((name, pool) -> pools.put(name, server.pool("jobs-" + name, pool, env)));
    if (pools.isEmpty()) {
      pools.put("", server.pool("jobs", config.pool().orElseGet(() -> PoolConfig.of(0)), env));
    }
    return pools;
  }

  @Offers
  WorkerManager workers() {
    return pools;
  }

  @Offers
  Resetter resetter() {
    return pools;
  }

  @Offers
  HealthCheck health() {
    return pools;
  }

  @Offers
  MetricsSource metrics() {
    PoolMetrics workers = new PoolMetrics("rr_jobs", "", pools);
    return sink -> {
      shared.metrics().collect(sink);
      pipelines.all().forEach(pipeline -> pipeline.collect(sink));
      workers.collect(sink);
    };
  }

  /** Takes a driver. */
  @Collects
  void driver(Named plugin, JobsDriver driver) {
    drivers.add(plugin.name(), driver);
  }

  // ---- its life --------------------------------------------------------------------------------

  @Override
  public void check(Problems problems) {
    pipelines.register(configurer.section(JobsConfigBinder.INSTANCE, problems), problems);
    config.pool().ifPresent(pool -> server.check(pool, "jobs.pool", configurer, problems));
    config
        .pools()
        .forEach((name, pool) -> server.check(pool, "jobs.pools." + name, configurer, problems));
  }

  @Override
  public void start() throws Exception {
    try {
      pipelines.open();
    } catch (Exception e) {
      throw OperationException.within("jobs_plugin_serve", e);
    }
    pools.start();
    started = true;
    dispatchers.values().forEach(JobDispatcher::open);
  }

  /**
   * Running jobs finish and tell their outcome, what waits here goes back to its broker, and only
   * then drivers close.
   */
  @Override
  public void stop(Deadline deadline) throws Exception {
    shared.stopping().countDown();
    Deadline working = before(deadline);
    try {
      // A broker that does not answer leaves time to the jobs that run.
      pipelines.quiesce(working.within(working.remaining().dividedBy(2)));
    } finally {
      dispatchers.values().forEach(JobDispatcher::close);
      shared.queue().close();
      try {
        pools.stop(working);
        for (JobDispatcher dispatcher : dispatchers.values()) {
          dispatcher.awaitSettled(working);
        }
        tellWhatIsLeft();
      } finally {
        pipelines.stop(deadline);
      }
    }
  }

  /** A little earlier, so that drivers have time to close. */
  private static Deadline before(Deadline deadline) {
    Duration left = deadline.remaining();
    Duration last = left.dividedBy(4);
    return Deadline.after(left.minus(last.compareTo(LAST) < 0 ? last : LAST));
  }

  private void tellWhatIsLeft() {
    long left = shared.queue().size();
    if (left > 0) {
      shared.log().info("jobs that were not begun go back", "jobs", left);
    }
  }

  /** Where pipelines put what has arrived. */
  private final class Arrivals implements ManagedPipeline.Intake {
    @Override
    public Optional<String> pool(Job job, ManagedPipeline pipeline) {
      if (config.pools().isEmpty()) {
        return Optional.of("");
      }
      String wanted =
          job.headers().getOrDefault(POOL, List.of()).stream().findFirst().orElse(pipeline.pool());
      return Optional.of(wanted).filter(config.pools()::containsKey);
    }

    @Override
    public void queued(String pool) {
      JobDispatcher dispatcher = dispatchers.get(pool);
      if (dispatcher != null) {
        dispatcher.pump();
      }
    }

    @Override
    public void ended(ManagedPipeline pipeline, String reason) {
      pipelines.ended(pipeline, reason);
    }
  }

  // ---- calls -----------------------------------------------------------------------------------

  @RpcMethod(value = "Push", quick = true)
  CompletionStage<Empty> push(JobsProto.PushRequest request, RpcCall call)
      throws OperationException {
    return pushes.single(request, call);
  }

  @RpcMethod(value = "PushBatch", quick = true)
  CompletionStage<Empty> pushBatch(JobsProto.PushBatchRequest request, RpcCall call)
      throws OperationException {
    return pushes.batch(request, call);
  }

  @RpcMethod("Pause")
  Empty pause(JobsProto.Pipelines request) throws Exception {
    return traced(
        "pause_pipeline",
        "rpc_pause",
        () -> {
          for (String name : request.getPipelinesList()) {
            find(name).pause(shared.deadline());
          }
          return Empty.getDefaultInstance();
        });
  }

  @RpcMethod("Resume")
  Empty resume(JobsProto.Pipelines request) throws Exception {
    return traced(
        "resume_pipeline",
        "rpc_resume",
        () -> {
          for (String name : request.getPipelinesList()) {
            find(name).resume(shared.deadline());
          }
          return Empty.getDefaultInstance();
        });
  }

  private ManagedPipeline find(String name) {
    return pipelines
        .find(name)
        .orElseThrow(() -> new IllegalArgumentException("no such pipeline, requested: " + name));
  }

  @RpcMethod("List")
  JobsProto.Pipelines list(Empty ignored) throws Exception {
    return traced("list_pipelines", "rpc_list", () -> named(pipelines.names()));
  }

  @RpcMethod("Declare")
  Empty declare(JobsProto.DeclareRequest request) throws Exception {
    return traced(
        "declare_pipeline",
        "rpc_declare_pipeline",
        () -> {
          pipelines.declare(request.getPipelineMap());
          return Empty.getDefaultInstance();
        });
  }

  @RpcMethod("Destroy")
  JobsProto.Pipelines destroy(JobsProto.Pipelines request) throws Exception {
    return traced(
        "destroy_pipeline",
        "rpc_destroy_pipeline",
        () -> {
          pipelines.destroy(request.getPipelinesList());
          return named(request.getPipelinesList());
        });
  }

  private static JobsProto.Pipelines named(List<String> names) {
    return JobsProto.Pipelines.newBuilder().addAllPipelines(names).build();
  }

  @RpcMethod("Stat")
  JobsProto.Stats stat(Empty ignored) throws Exception {
    return traced(
        "stat",
        "rpc_stats",
        () -> {
          JobsProto.Stats.Builder stats = JobsProto.Stats.newBuilder();
          pipelines
              .states(Deadline.after(MOST_OF_ASKING))
              .forEach(state -> stats.addStats(stat(state)));
          return stats.build();
        });
  }

  private JobsProto.Stat stat(PipelineState state) {
    if (!state.errorMessage().isEmpty()) {
      shared
          .log()
          .warn(
              "the state of a pipeline is not known",
              "pipeline",
              state.pipeline(),
              "error",
              state.errorMessage());
    }
    return JobsProto.Stat.newBuilder()
        .setPipeline(state.pipeline())
        .setDriver(state.driver())
        .setQueue(state.queue())
        .setActive(state.active())
        .setDelayed(state.delayed())
        .setReserved(state.reserved())
        .setReady(state.ready())
        .setPriority(state.priority())
        .build();
  }

  @Override
  public List<PipelineState> pipelines() throws Exception {
    return started ? pipelines.states(Deadline.after(MOST_OF_ASKING)) : List.of();
  }

  /** What a method does. */
  private interface Call<T> {
    T answer() throws Exception;
  }

  private <T> T traced(String span, String operation, Call<T> call) throws Exception {
    Span own = shared.traces().call(span);
    try {
      return call.answer();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      OperationException told = OperationException.within(operation, e);
      own.error(String.valueOf(told.getMessage()));
      throw told;
    } finally {
      own.end();
    }
  }
}

package dev.rr.plugin.jobs;

import dev.rr.api.config.Nearest;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.JobsDriver;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Choice;
import dev.rr.api.plugin.Deadline;
import dev.rr.config.Sections;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** All pipelines: those of the file, and those that clients declare and destroy. Any thread. */
final class PipelineRegistry {
  /**
   * Pipelines that there may be: each may have a connection, and a client declares what it likes.
   */
  private static final int MOST = 10_000;

  private static final String DECLARE = "jobs_plugin_declare";
  private static final String DESTROY = "jobs_plugin_destroy";
  private static final String DRIVER = "driver";
  private static final String PRIORITY = "priority";

  private final Choice<JobsDriver> drivers;
  private final Set<String> pools;
  private final Set<String> consume;
  private final int parallelism;
  private final ManagedPipeline.Intake intake;
  private final Shared shared;
  private final Map<String, ManagedPipeline> all = new ConcurrentHashMap<>();
  private final DeadLetterTargets deadLetters = new DeadLetterTargets(this::find);
  private volatile boolean stopping;

  /**
   * No pipelines yet.
   *
   * @param pools the names of the pools; none where there is one without a name
   */
  PipelineRegistry(
      Choice<JobsDriver> drivers,
      Set<String> pools,
      JobsConfig config,
      ManagedPipeline.Intake intake,
      Shared shared) {
    this.drivers = drivers;
    this.pools = pools;
    this.consume = Set.copyOf(config.consume());
    this.parallelism = config.parallelism();
    this.intake = intake;
    this.shared = shared;
  }

  /** The pipeline of this name. */
  Optional<ManagedPipeline> find(String name) {
    return Optional.ofNullable(all.get(name));
  }

  /** Their names, sorted. */
  List<String> names() {
    return all.keySet().stream().sorted().toList();
  }

  Collection<ManagedPipeline> all() {
    return Collections.unmodifiableCollection(all.values());
  }

  // ---- of the file -----------------------------------------------------------------------------

  /**
   * Registers those of the file, and records what would keep them from being opened. A client may
   * declare later what others name, so that is a warning.
   */
  void register(Section section, Problems problems) {
    Map<String, Section> sections = section.sectionMap("pipelines");
    sections.forEach((name, at) -> register(name, at.flattened("config"), problems));
    // Once all are known, as one may name another that stands behind it.
    Set<String> names = sections.keySet();
    all.values().forEach(pipeline -> deadLetters.check(pipeline, names));
    consume.stream()
        .filter(name -> !names.contains(name))
        .sorted()
        .forEach(name -> section.warn("consume", DeadLetterTargets.missing(name, names)));
  }

  /** All that is wrong, with what every pipeline has and with what its driver has. */
  private void register(String name, Section at, Problems problems) {
    JobsDriver driver = drivers.find(at.string(DRIVER, ""), at, DRIVER).orElse(null);
    checkPool(at);
    problems.collect(() -> {
      JobsConfig.Keys keys = at.bind(JobsConfig_KeysBinder.INSTANCE);
      if (driver != null) {
        PipelineSpec spec = new PipelineSpec(name, keys.priority(), at, false);
        all.put(name, new ManagedPipeline(spec, keys, driver, intake, shared));
      }
    });
    if (driver != null) {
      problems.collect(
          () -> driver.check(new PipelineSpec(name, JobsConfig.Keys.PRIORITY, at, false)));
    }
  }

  private void checkPool(Section at) {
    String pool = at.string("pool", "");
    if (!pools.isEmpty() && !pools.contains(pool)) {
      String near = Nearest.to(pool, pools);
      at.problem(
          "pool",
          (pool.isEmpty() ? "is missing" : "'" + pool + "' is none")
              + "; there are "
              + String.join(", ", pools.stream().sorted().toList())
              + (near == null ? "" : "; did you mean '" + near + "'?"));
    }
  }

  /** Opens those of the file, some at once. */
  void open() throws Exception {
    Parallel.each(
        all.values(),
        parallelism,
        "rr-jobs-open",
        pipeline -> pipeline.open(consume.contains(pipeline.name())));
  }

  // ---- of clients ------------------------------------------------------------------------------

  /** Opens a pipeline that a client describes by texts. */
  void declare(Map<String, String> declared) throws Exception {
    String name = declared.getOrDefault("name", declared.getOrDefault("queue", ""));
    String driver = declared.getOrDefault(DRIVER, "");
    if (driver.isEmpty()) {
      throw OperationException.of(
          DECLARE, "no associated driver with the pipeline, pipeline name: " + name);
    }
    if (name.isEmpty()) {
      throw OperationException.of(DECLARE, "the pipeline has no name");
    }
    // Of two that declare the same at once one has to lose before a broker is asked.
    ManagedPipeline pipeline = declared(name, driver, declared);
    if (all.putIfAbsent(name, pipeline) != null) {
      throw new IllegalStateException(
          "pipeline already exists, name: " + name + ", driver: " + driver);
    }
    try {
      refuseStopping();
      pipeline.open(consume.contains(name));
    } catch (Exception e) {
      all.remove(name, pipeline);
      throw OperationException.within(DECLARE, e);
    }
  }

  /** Asked once it is in the map: who stops the others has seen it there, or it is seen here. */
  private void refuseStopping() {
    if (stopping) {
      throw new IllegalStateException("the server is stopping");
    }
  }

  private ManagedPipeline declared(String name, String driver, Map<String, String> declared)
      throws OperationException {
    if (all.size() >= MOST) {
      throw OperationException.of(DECLARE, "there are " + MOST + " pipelines already");
    }
    JobsDriver found =
        drivers
            .find(driver)
            .orElseThrow(() ->
                OperationException.of(
                    DECLARE,
                    "no constructor registered for driver: " + driver + ", pipeline: " + name));
    Map<String, String> texts = new LinkedHashMap<>(declared);
    texts.computeIfPresent(PRIORITY, (key, text) -> Long.toString(priority(name, text)));
    try {
      Problems problems = new Problems();
      Section at =
          Sections.of(texts, new Problem.Place(null, 0, "jobs.pipelines." + name), problems)
              .flattened("config");
      JobsConfig.Keys keys = at.bind(JobsConfig_KeysBinder.INSTANCE);
      checkPool(at);
      PipelineSpec spec = new PipelineSpec(name, keys.priority(), at, true);
      found.check(spec);
      ManagedPipeline pipeline = new ManagedPipeline(spec, keys, found, intake, shared);
      deadLetters.check(pipeline, all.keySet());
      problems.throwIfAny();
      problems.warnings().forEach(warning -> shared.log().warn(warning.toString()));
      return pipeline;
    } catch (RuntimeException e) {
      throw OperationException.within(DECLARE, e);
    }
  }

  /** A declared priority, which need not be a number. */
  private long priority(String name, String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      shared.log().error("the priority is no number", "pipeline", name, PRIORITY, text);
      return JobsConfig.Keys.PRIORITY;
    }
  }

  /**
   * Destroys pipelines, some at once.
   *
   * @throws Exception when one of them could not be; the others are gone
   */
  void destroy(List<String> names) throws Exception {
    Parallel.each(names, parallelism, "rr-jobs-destroy", this::destroy);
  }

  private void destroy(String name) throws Exception {
    ManagedPipeline pipeline = all.remove(name);
    if (pipeline == null) {
      throw OperationException.of(DESTROY, "no such pipeline, requested: " + name);
    }
    try {
      pipeline.destroy(shared.deadline());
    } catch (Exception e) {
      throw OperationException.within(DESTROY, e);
    }
  }

  /** A pipeline has come to its end by itself. */
  void ended(ManagedPipeline pipeline, String reason) {
    if (!all.remove(pipeline.name(), pipeline)) {
      return;
    }
    try {
      pipeline.destroy(shared.deadline());
      shared.log().info("pipeline was stopped", "pipeline", pipeline.name(), "reason", reason);
    } catch (Exception e) {
      shared.log().log(
          Log.Level.ERROR, "failed to stop the pipeline", e, "pipeline", pipeline.name());
    }
  }

  /** How all of them are, sorted by name. */
  List<PipelineState> states(Deadline deadline) throws Exception {
    Map<String, PipelineState> states = Collections.synchronizedMap(new TreeMap<>());
    Parallel.each(
        all.values(),
        Math.max(parallelism, 1),
        "rr-jobs-state",
        pipeline -> states.put(pipeline.name(), pipeline.state(deadline.within(shared.timeout()))));
    return List.copyOf(states.values());
  }

  // ---- the end ---------------------------------------------------------------------------------

  /** Has all of them consume nothing more. What fails is logged: the server stops. */
  void quiesce(Deadline deadline) throws Exception {
    stopping = true;
    Parallel.each(
        sorted(),
        Math.max(parallelism, all.size()),
        "rr-jobs-pause",
        pipeline -> {
          try {
            pipeline.quiesce(deadline);
          } catch (Exception e) {
            shared.log().log(Log.Level.WARN, "cannot pause", e, "pipeline", pipeline.name());
          }
        });
  }

  /** Stops all of them, side by side. */
  void stop(Deadline deadline) throws Exception {
    List<ManagedPipeline> stopped = sorted();
    all.clear();
    Parallel.each(
        stopped,
        Math.max(parallelism, stopped.size()),
        "rr-jobs-stop",
        pipeline -> pipeline.stop(deadline.within(shared.timeout())));
  }

  private List<ManagedPipeline> sorted() {
    List<ManagedPipeline> sorted = new ArrayList<>(all.values());
    sorted.sort(Comparator.comparing(ManagedPipeline::name));
    return sorted;
  }
}

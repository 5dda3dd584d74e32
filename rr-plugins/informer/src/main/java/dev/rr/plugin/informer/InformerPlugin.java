package dev.rr.plugin.informer;

import dev.rr.annotation.Collects;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.jobs.PipelineReporter;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Named;
import dev.rr.api.worker.WorkerManager;
import dev.rr.api.worker.WorkerSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lists and manages the workers of every plugin that has some. Filled before anything starts, read
 * by any thread after.
 */
@Plugin("informer")
final class InformerPlugin {
  /** How long a broker may take to tell about its pipelines; upstream's limit. */
  private static final int JOBS_SECONDS = 60;

  private final Map<String, WorkerManager> managers = new TreeMap<>();
  private final Map<String, PipelineReporter> reporters = new TreeMap<>();

  InformerPlugin() {}

  /** Takes a plugin with workers. */
  @Collects
  void workers(Named plugin, WorkerManager manager) {
    managers.put(plugin.id(), manager);
  }

  /** Takes a plugin with job pipelines. */
  @Collects
  void pipelines(Named plugin, PipelineReporter reporter) {
    reporters.put(plugin.id(), reporter);
  }

  @RpcMethod(value = "List", quick = true)
  List<String> list(boolean ignored) {
    return new ArrayList<>(managers.keySet());
  }

  @RpcMethod("Workers")
  WorkerList workers(String plugin) {
    WorkerManager manager = managers.get(plugin);
    List<WorkerSnapshot> workers = manager == null ? List.of() : manager.workers();
    return new WorkerList(workers);
  }

  /**
   * The pipelines of a plugin; null when it has none or they cannot be told, as upstream has it.
   */
  @RpcMethod("Jobs")
  @Nullable List<PipelineState> jobs(String plugin) throws InterruptedException {
    PipelineReporter reporter = reporters.get(plugin);
    if (reporter == null) {
      return null;
    }
    FutureTask<List<PipelineState>> asked = new FutureTask<>(reporter::pipelines);
    Thread.ofVirtual().name("informer-jobs").start(asked);
    try {
      return asked.get(JOBS_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException unknown) {
      asked.cancel(true);
      return null;
    }
  }

  @RpcMethod("AddWorker")
  void addWorker(String plugin) throws InterruptedException {
    manager(plugin).addWorker();
  }

  @RpcMethod("RemoveWorker")
  void removeWorker(String plugin) throws InterruptedException {
    manager(plugin).removeWorker();
  }

  private WorkerManager manager(String plugin) {
    WorkerManager manager = managers.get(plugin);
    if (manager == null) {
      throw new IllegalArgumentException("plugin does not support workers management: " + plugin);
    }
    return manager;
  }
}

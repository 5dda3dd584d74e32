package dev.rr.plugin.memory;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.broadcast.PubSub;
import dev.rr.api.broadcast.PubSubDriver;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Section;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.JobsDriver;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvStore;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The driver {@code memory}. The kernel's thread opens and closes storages. */
@Plugin(value = "memory", weight = 99)
final class MemoryPlugin implements KvDriver, JobsDriver, Lifecycle {
  private final Binder<MemoryKvConfig> sections;
  private final Binder<MemoryJobsConfig> pipelines;
  private final Binder<MemoryBroadcastConfig> brokers;
  private final Host host;
  private final Log log;
  private final Room room = new Room(Runtime.getRuntime().maxMemory() / 3);
  private final Map<String, MemoryStore> stores = new ConcurrentHashMap<>();
  private @Nullable ScheduledExecutorService executor;

  MemoryPlugin(
      Binder<MemoryKvConfig> sections,
      Binder<MemoryJobsConfig> pipelines,
      Binder<MemoryBroadcastConfig> brokers,
      Host host,
      Loggers loggers) {
    this.sections = sections;
    this.pipelines = pipelines;
    this.brokers = brokers;
    this.host = host;
    this.log = loggers.named("memory");
  }

  /** Brokers, whose methods would have the names of those for storages. */
  @Offers
  PubSubDriver pubSub() {
    return new PubSubDriver() {
      @Override
      public void check(String broker, Section config) {
        if (config.present()) {
          var unused = config.bind(brokers);
        }
      }

      @Override
      public PubSub open(String broker, Section config, PubSub.Listener listener) {
        return new MemoryPubSub(listener);
      }
    };
  }

  /** How much each storage holds. */
  @Offers
  MetricsSource metrics() {
    return sink -> stores.forEach((name, store) -> store.collect(sink, name));
  }

  @Override
  public void check(String storage, Section config) {
    String persist = config.bind(sections).persist();
    Path folder = file(persist).getParent();
    if (!persist.isEmpty() && (folder == null || !Files.isDirectory(folder))) {
      config.problem("persist", "`" + persist + "` is in a folder that does not exist");
    }
  }

  private Path file(String persist) {
    return host.workDirectory().resolve(persist);
  }

  @Override
  public KvStore open(String storage, Section config) throws IOException {
    MemoryKvConfig bound = config.bind(sections);
    EntryTable table = new EntryTable(bound.bounds(), room, System::currentTimeMillis);
    ValueFiles journal = bound.persist().isEmpty() ? null : journal(file(bound.persist()), table);
    MemoryStore store = new MemoryStore(table, room, journal);
    stores.put(storage, store);
    repeat(store::sweep, bound.sweepInterval().toMillis());
    if (journal != null) {
      repeat(store::sync, 1_000);
    }
    return store;
  }

  @Override
  public String spans(String plugin) {
    return "inmemory";
  }

  @Override
  public void check(PipelineSpec spec) {
    var unused = spec.config().bind(pipelines);
  }

  @Override
  public Pipeline open(PipelineSpec spec, JobSink sink) {
    return new MemoryPipeline(spec, spec.config().bind(pipelines), sink, room, log);
  }

  private ValueFiles journal(Path file, EntryTable table) throws IOException {
    ValueFiles journal = ValueFiles.open(file, table, executor(), log);
    var unused = table.forgetExpired(table.now());
    return journal;
  }

  private void repeat(Runnable task, long millis) {
    var unused =
        executor()
            .scheduleWithFixedDelay(() -> guarded(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** What throws once would not be called again. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.log(Log.Level.ERROR, "a task of the memory plugin failed", e);
    }
  }

  private ScheduledExecutorService executor() {
    ScheduledExecutorService running = executor;
    if (running == null) {
      running =
          Executors.newScheduledThreadPool(
              // One may write a large file while the other looks after the rest.
              2, Thread.ofPlatform().name("rr-memory-", 1).daemon().factory());
      executor = running;
    }
    return running;
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    stores.clear();
    if (executor != null) {
      executor.shutdownNow();
      var unused =
          executor.awaitTermination(deadline.remaining().toMillis() + 1_000, TimeUnit.MILLISECONDS);
    }
  }
}

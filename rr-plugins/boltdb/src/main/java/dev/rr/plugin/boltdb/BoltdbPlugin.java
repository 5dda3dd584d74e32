package dev.rr.plugin.boltdb;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.cli.CliCommand;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.JobsDriver;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvStore;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.DriverSections;
import dev.rr.api.plugin.Host;
import dev.rr.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The driver {@code boltdb}: each storage and each pipeline is a file. And a command. */
@Plugin(value = "boltdb", weight = 99)
final class BoltdbPlugin implements KvDriver, JobsDriver {
  private final Binder<BoltdbConfig> sections;
  private final Binder<BoltdbJobsConfig> pipelines;
  private final Configurer configurer;
  private final Host host;
  private final Log log;
  private final IndexMemory memory = new IndexMemory(Runtime.getRuntime().maxMemory() / 4);

  /** Whose the files are that were checked. */
  private final Map<Path, String> owners = new HashMap<>();

  BoltdbPlugin(
      Binder<BoltdbConfig> sections,
      Binder<BoltdbJobsConfig> pipelines,
      Configurer configurer,
      Host host,
      Loggers loggers) {
    this.sections = sections;
    this.pipelines = pipelines;
    this.configurer = configurer;
    this.host = host;
    this.log = loggers.named("boltdb");
  }

  /** {@code rr kv import-bolt}. */
  @Offers("kv")
  CliCommand command() {
    return new ImportCommand(this::files, (storage, file) -> open(storage, file, config(storage)));
  }

  /** The files of the storages that this drives, by their names. */
  private Map<String, Path> files() {
    Map<String, Path> files = new LinkedHashMap<>();
    configurer
        .section("kv", new Problems())
        .sectionMap("")
        .forEach((name, at) -> {
          if (at.string("driver", "").equals("boltdb")) {
            files.put(name, file(config(name).file()));
          }
        });
    return files;
  }

  private BoltdbConfig config(String storage) {
    return configurer.bind(
        DriverSections.path("kv", storage, "boltdb", configurer, host.catalogue()), sections);
  }

  @Override
  public void check(String storage, Section config) {
    Path file = file(config.bind(sections).file());
    checkFile(file, "kv." + storage, config);
    if (isBolt(file)) {
      config.problem(
          "file",
          file
              + " is a file of bbolt, as RoadRunner has it; bring its values over: rr kv"
              + " import-bolt "
              + file
              + ' '
              + storage);
    }
  }

  private void checkFile(Path file, String owner, Section config) {
    String other = owners.putIfAbsent(file.normalize(), owner);
    if (other != null && !other.equals(owner)) {
      config.problem("file", file + " is the file of " + other + "; each has its own");
    } else if (!Files.isDirectory(file.resolveSibling(""))) {
      config.problem("file", "the folder of " + file + " does not exist");
    }
  }

  private static boolean isBolt(Path file) {
    try {
      return !Journal.isOpen(file) && BoltFile.isOne(file);
    } catch (IOException e) {
      // Opening it says why.
      return false;
    }
  }

  private Path file(String name) {
    return host.workDirectory().resolve(name);
  }

  @Override
  public KvStore open(String storage, Section section) throws Exception {
    BoltdbConfig config = section.bind(sections);
    return open(storage, file(config.file()), config);
  }

  private BoltStore open(String storage, Path file, BoltdbConfig config) throws Exception {
    Duration interval = Duration.ofSeconds(config.interval() == 0 ? 60 : config.interval());
    InstantSource clock = InstantSource.system();
    return new BoltStore(
        Journal.open(
            file,
            new Journal.Options("kv." + storage, FileMode.of(config.permissions()), interval, log),
            () -> new KvIndex(clock)),
        clock,
        memory);
  }

  @Override
  public void check(PipelineSpec spec) {
    Path file = file(spec.config().bind(pipelines).file());
    if (!spec.declared()) {
      checkFile(file, "jobs." + spec.name(), spec.config());
    }
    if (isBolt(file)) {
      spec.config()
          .problem(
              "file",
              file
                  + " is a file of bbolt, as RoadRunner has it: let RoadRunner finish its jobs,"
                  + " then delete it");
    }
  }

  @Override
  public Pipeline open(PipelineSpec spec, JobSink sink) throws Exception {
    BoltdbJobsConfig config = spec.config().bind(pipelines);
    Journal.Options options =
        new Journal.Options(
            "jobs." + spec.name(), FileMode.of(config.permissions()), Duration.ofDays(1), log);
    return new BoltPipeline(
        spec,
        Journal.open(file(config.file()), options, JobIndex::new),
        config.prefetch(),
        sink,
        InstantSource.system(),
        memory);
  }
}

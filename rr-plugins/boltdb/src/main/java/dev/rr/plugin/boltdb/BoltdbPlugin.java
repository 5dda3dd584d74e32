package dev.rr.plugin.boltdb;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.cli.CliCommand;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvStore;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Host;
import dev.rr.journal.Journal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The driver {@code boltdb}: each storage is a file. And the command that fills one. */
@Plugin("boltdb")
final class BoltdbPlugin implements KvDriver {
  private final Binder<BoltdbConfig> sections;
  private final Configurer configurer;
  private final Host host;
  private final Log log;

  /** Whose the files are that were checked. */
  private final Map<Path, String> owners = new HashMap<>();

  BoltdbPlugin(Binder<BoltdbConfig> sections, Configurer configurer, Host host, Loggers loggers) {
    this.sections = sections;
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
            files.put(name, file(config(name)));
          }
        });
    return files;
  }

  /** As the plugin kv chooses it: the storage's own, else what is called as it, or as this is. */
  private BoltdbConfig config(String storage) {
    return Stream.of("kv." + storage + ".config", storage, "boltdb")
        .filter(path -> configurer.has(path) && host.catalogue().reading(path).isEmpty())
        .findFirst()
        .map(path -> configurer.bind(path, sections))
        .orElseGet(() -> configurer.bind("boltdb", sections));
  }

  @Override
  public void check(String storage, Section config) {
    Path file = file(config.bind(sections));
    String other = owners.putIfAbsent(file.normalize(), storage);
    if (other != null && !other.equals(storage)) {
      config.problem("file", file + " is the file of the storage " + other + "; each has its own");
    } else if (!Files.isDirectory(file.resolveSibling(""))) {
      config.problem("file", "the folder of " + file + " does not exist");
    } else if (BoltFile.isOne(file)) {
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

  private Path file(BoltdbConfig config) {
    return host.workDirectory().resolve(config.file());
  }

  @Override
  public KvStore open(String storage, Section section) throws Exception {
    BoltdbConfig config = section.bind(sections);
    return open(storage, file(config), config);
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
        Runtime.getRuntime().maxMemory() / 4);
  }
}

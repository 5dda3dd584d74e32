package dev.rr.plugin.boltdb;

import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
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
import java.util.Map;

/** The driver {@code boltdb}: each storage is a file. */
@Plugin("boltdb")
final class BoltdbPlugin implements KvDriver {
  private final Binder<BoltdbConfig> sections;
  private final Host host;
  private final Log log;

  /** Whose the files are that were checked. */
  private final Map<Path, String> owners = new HashMap<>();

  BoltdbPlugin(Binder<BoltdbConfig> sections, Host host, Loggers loggers) {
    this.sections = sections;
    this.host = host;
    this.log = loggers.named("boltdb");
  }

  @Override
  public void check(String storage, Section config) {
    Path file = file(config.bind(sections));
    String other = owners.putIfAbsent(file.normalize(), storage);
    if (other != null && !other.equals(storage)) {
      config.problem("file", file + " is the file of the storage " + other + "; each has its own");
    } else if (!Files.isDirectory(file.resolveSibling(""))) {
      config.problem("file", "the folder of " + file + " does not exist");
    }
  }

  private Path file(BoltdbConfig config) {
    return host.workDirectory().resolve(config.file());
  }

  @Override
  public KvStore open(String storage, Section section) throws Exception {
    BoltdbConfig config = section.bind(sections);
    Duration interval = Duration.ofSeconds(config.interval() == 0 ? 60 : config.interval());
    InstantSource clock = InstantSource.system();
    return new BoltStore(
        Journal.open(
            file(config),
            new Journal.Options("kv." + storage, FileMode.of(config.permissions()), interval, log),
            () -> new KvIndex(clock)),
        clock,
        Runtime.getRuntime().maxMemory() / 4);
  }
}

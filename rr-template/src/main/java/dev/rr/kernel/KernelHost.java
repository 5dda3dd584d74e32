package dev.rr.kernel;

import dev.rr.api.config.Schema;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Host;
import dev.rr.kernel.PluginInfo.Need;
import dev.rr.kernel.PluginInfo.Strength;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The server as plugins see it. The kernel's thread writes, while plugins are initialised and
 * examined; plugins read, and report their failure, on any thread of theirs, also long after. So
 * what changes is volatile and each value is immutable: a reader sees one state or the next, and
 * never waits for the kernel.
 */
final class KernelHost implements Host {
  /** Upstream's default of {@code endure.grace_period}. */
  static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  private final Assembly assembly;
  private final HostSettings settings;
  private final Consumer<Failure> failures;
  private final AtomicBoolean failed = new AtomicBoolean();
  // Defaults until the plugin that reads the configuration is initialised: it asks, too.
  private volatile Duration grace = DEFAULT_GRACE;
  private volatile List<PluginStatus> plugins = List.of();
  private volatile List<Schema> schemas = List.of();
  private volatile boolean stopping;

  KernelHost(Assembly assembly, HostSettings settings, Consumer<Failure> failures) {
    this.assembly = assembly;
    this.settings = settings;
    this.failures = failures;
  }

  /** Called once, when the configuration was read; what stops before that has the default. */
  void gracePeriod(Duration period) {
    grace = period;
  }

  /** Called after each phase, not after each plugin: nobody is to see half of one. */
  void plugins(List<PluginState> states) {
    plugins =
        states.stream()
            .map(s -> new PluginStatus(s.plugin().id(), s.plugin().version(), s.word(), s.reason()))
            .toList();
  }

  /** Called before any plugin is constructed: the wiring knows all schemas from the start. */
  void schemas(List<Schema> all) {
    schemas = all;
  }

  /** Called before the first plugin is stopped. */
  void beginToStop() {
    stopping = true;
  }

  /** Whether a plugin has reported that it cannot go on. */
  boolean failed() {
    return failed.get();
  }

  @Override
  public String version() {
    return assembly.build().plainVersion();
  }

  @Override
  public Path configFile() {
    return settings.configFile();
  }

  @Override
  public Path workDirectory() {
    return settings.workDirectory();
  }

  @Override
  public Map<String, String> environment() {
    return settings.environment();
  }

  @Override
  public List<String> overrides() {
    return settings.overrides();
  }

  @Override
  public boolean strict() {
    return settings.strict();
  }

  @Override
  public Duration gracePeriod() {
    return grace;
  }

  @Override
  public Catalogue catalogue() {
    return assembly.catalogue();
  }

  @Override
  public List<Schema> schemas() {
    return schemas;
  }

  @Override
  public List<PluginStatus> plugins() {
    return plugins;
  }

  @Override
  public boolean stopping() {
    return stopping;
  }

  @Override
  public List<PluginLink> links() {
    return assembly.plugins().stream().flatMap(KernelHost::links).toList();
  }

  private static Stream<PluginLink> links(PluginInfo to) {
    return to.needs().stream()
        .flatMap(need -> need.offeredBy().stream().map(from -> link(from, to, need)))
        .distinct();
  }

  private static PluginLink link(String from, PluginInfo to, Need need) {
    String contract = need.contract().substring(need.contract().lastIndexOf('.') + 1);
    return new PluginLink(from, to.id(), contract, need.strength() == Strength.HARD);
  }

  @Override
  public void fail(String plugin, Throwable cause) {
    // The first ends the server; what fails behind it most often does so because of it.
    if (failed.compareAndSet(false, true)) {
      failures.accept(new Failure(plugin, cause));
    }
  }
}

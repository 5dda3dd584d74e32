package dev.rr.kernel;

import dev.rr.api.config.Schema;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The server as plugins see it. Any thread. */
final class KernelHost implements Host {
  /** Upstream's default of {@code endure.grace_period}. */
  static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  private final Assembly assembly;
  private final HostSettings settings;
  private final Consumer<Failure> failures;
  private final AtomicBoolean failed = new AtomicBoolean();
  private volatile Duration grace = DEFAULT_GRACE;
  private volatile List<PluginStatus> plugins = List.of();
  private volatile List<Schema> schemas = List.of();

  KernelHost(Assembly assembly, HostSettings settings, Consumer<Failure> failures) {
    this.assembly = assembly;
    this.settings = settings;
    this.failures = failures;
  }

  void gracePeriod(Duration period) {
    grace = period;
  }

  void plugins(List<PluginState> states) {
    plugins =
        states.stream()
            .map(s -> new PluginStatus(s.plugin().id(), s.plugin().version(), s.word(), s.reason()))
            .toList();
  }

  void schemas(List<Schema> all) {
    schemas = all;
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
  public void fail(String plugin, Throwable cause) {
    if (failed.compareAndSet(false, true)) {
      failures.accept(new Failure(plugin, cause));
    }
  }
}

package dev.rr.testing.plugin;

import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A server in a folder, with an environment of its own. A plugin that reports its end fails the
 * test on the plugin's own thread.
 */
public record FakeHost(Path workDirectory, Map<String, String> environment) implements Host {
  /** A server in the current folder, in an empty environment. */
  public FakeHost() {
    this(Path.of("").toAbsolutePath(), Map.of());
  }

  @Override
  public String version() {
    return "1.2.3";
  }

  @Override
  public Path configFile() {
    return workDirectory.resolve(".rr.yaml");
  }

  @Override
  public List<String> overrides() {
    return List.of();
  }

  @Override
  public boolean strict() {
    return false;
  }

  @Override
  public Duration gracePeriod() {
    return Duration.ofSeconds(10);
  }

  @Override
  public Catalogue catalogue() {
    return Catalogue.EMPTY;
  }

  @Override
  public void fail(String plugin, Throwable cause) {
    throw new AssertionError(plugin, cause);
  }
}

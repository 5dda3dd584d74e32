package dev.rr.testing.plugin;

import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server in a folder, with an environment of its own. A plugin that reports its end fails the
 * test on the plugin's own thread.
 *
 * @param stops whether the server has begun to stop; set by the test
 */
public record FakeHost(
    Path workDirectory, Map<String, String> environment, Catalogue catalogue, AtomicBoolean stops)
    implements Host {
  /** A server that runs. */
  public FakeHost(Path workDirectory, Map<String, String> environment, Catalogue catalogue) {
    this(workDirectory, environment, catalogue, new AtomicBoolean());
  }

  /** A server that knows of no plugin. */
  public FakeHost(Path workDirectory, Map<String, String> environment) {
    this(workDirectory, environment, Catalogue.EMPTY);
  }

  /** A server that knows of no plugin, in an empty environment. */
  public FakeHost(Path workDirectory) {
    this(workDirectory, Map.of());
  }

  /** A server in the current folder, in an empty environment, that knows of no plugin. */
  public FakeHost() {
    this(Path.of("").toAbsolutePath());
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
    return Duration.ofSeconds(30);
  }

  @Override
  public boolean stopping() {
    return stops.get();
  }

  @Override
  public void fail(String plugin, Throwable cause) {
    throw new AssertionError(plugin, cause);
  }
}

package dev.rr.plugin.acme;

import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server that works in a folder. */
record TestHost(Path workDirectory) implements Host {
  @Override
  public String version() {
    return "1.2.3";
  }

  @Override
  public Path configFile() {
    return workDirectory.resolve(".rr.yaml");
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
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
  public Catalogue catalogue() {
    return Catalogue.EMPTY;
  }

  @Override
  public void fail(String plugin, Throwable cause) {
    throw new AssertionError(plugin, cause);
  }
}

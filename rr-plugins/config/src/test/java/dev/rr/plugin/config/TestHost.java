package dev.rr.plugin.config;

import dev.rr.api.config.Schema;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server around a configuration file. */
record TestHost(
    Path configFile,
    Path workDirectory,
    Map<String, String> environment,
    List<String> overrides,
    Catalogue catalogue,
    List<Schema> schemas)
    implements Host {

  static TestHost of(Path file) {
    return new TestHost(file, directory(file), Map.of(), List.of(), Catalogue.EMPTY, List.of());
  }

  private static Path directory(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  TestHost with(Map<String, String> variables) {
    return new TestHost(configFile, workDirectory, variables, overrides, catalogue, schemas);
  }

  TestHost with(List<String> arguments) {
    return new TestHost(configFile, workDirectory, environment, arguments, catalogue, schemas);
  }

  TestHost with(Catalogue plugins) {
    return new TestHost(configFile, workDirectory, environment, overrides, plugins, schemas);
  }

  TestHost knowing(List<Schema> sections) {
    return new TestHost(
        configFile, workDirectory, environment, overrides, catalogue, List.copyOf(sections));
  }

  ConfigPlugin load() {
    ConfigPlugin plugin = new ConfigPlugin(this);
    plugin.init();
    return plugin;
  }

  @Override
  public String version() {
    return "1.2.3";
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
  public void fail(String plugin, Throwable cause) {
    throw new AssertionError(plugin, cause);
  }
}

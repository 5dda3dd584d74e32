package dev.rr.kernel;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the command line decided before any plugin exists. Immutable.
 *
 * @param configFile absolute; need not exist
 * @param workDirectory absolute; see {@link dev.rr.api.plugin.Host#workDirectory()}
 * @param environment the system's variables over those of the dotenv file
 * @param overrides {@code -o} arguments as given
 * @param strict whether unknown keys are errors
 */
public record HostSettings(
    Path configFile,
    Path workDirectory,
    Map<String, String> environment,
    List<String> overrides,
    boolean strict) {
  public HostSettings {
    environment = Map.copyOf(environment);
    overrides = List.copyOf(overrides);
  }
}

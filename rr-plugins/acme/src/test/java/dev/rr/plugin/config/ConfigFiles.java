package dev.rr.plugin.config;

import dev.rr.api.config.Configurer;
import dev.rr.api.plugin.Host;

/**
 * Opens the config plugin's package, so that this module's configuration is read as in a server.
 */
public final class ConfigFiles {
  private ConfigFiles() {}

  /** What the host's configuration file says. */
  public static Configurer read(Host host) {
    ConfigPlugin plugin = new ConfigPlugin(host);
    plugin.init();
    return plugin;
  }
}

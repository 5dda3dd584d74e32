package dev.rr.kernel;

import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Host;
import java.util.List;

/**
 * A selection of plugins, checked and wired. {@code rr:build} generates the implementation;
 * everything in it is a pure function of the selection. Immutable.
 */
public interface Assembly {
  /** What {@code rr --version} prints. */
  BuildInfo build();

  /** The plugins in the order in which they are initialised and started. */
  List<PluginInfo> plugins();

  /** Every plugin that was known at build time. */
  Catalogue catalogue();

  /** Makes the object graph; no plugin is constructed by this. */
  Wiring wire(Host host, Liveness live);

  /**
   * How the binary was made.
   *
   * @param version the user's version of the binary
   * @param rr the version of rr itself
   * @param lock the first 12 hex digits of a hash over every input, or empty
   */
  record BuildInfo(String version, String rr, String lock) {
    /**
     * The version without a leading v that stands before a digit; {@code local} when there is none.
     */
    public String plainVersion() {
      String trimmed = version.trim();
      return trimmed.isEmpty() ? "local" : trimmed.replaceFirst("^[vV](?=[0-9])", "");
    }
  }

  /** Tells generated code which plugins live at this moment. */
  @FunctionalInterface
  interface Liveness {
    /**
     * Whether the plugin was initialised and not disabled. One with wrong values counts as well: no
     * server starts with it, and what needs it is examined all the same.
     */
    boolean isLive(String id);
  }
}

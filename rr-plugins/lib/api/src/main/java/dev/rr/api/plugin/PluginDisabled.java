package dev.rr.api.plugin;

/**
 * Thrown from {@link Lifecycle#init} to switch a plugin off. Not a failure: the server runs without
 * it.
 */
public final class PluginDisabled extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Disables the plugin.
   *
   * @param reason what a user reads in {@code rr plugins}, for example {@code "http.trusted_subnets
   *     is empty"}
   */
  public PluginDisabled(String reason) {
    super(reason, null, false, false);
  }
}

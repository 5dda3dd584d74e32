package dev.rr.kernel;

import java.util.Locale;

/**
 * What became of a plugin when it was to be initialised.
 *
 * @param plugin the plugin
 * @param status what became of it
 * @param reason why it does not live; empty when it does
 */
public record PluginState(PluginInfo plugin, Status status, String reason) {
  /** What can become of a plugin. */
  public enum Status {
    /** It was constructed and initialised. */
    LIVE,
    /** It is switched off, which is not a fault. */
    DISABLED,
    /** Its construction or its init failed. */
    FAILED,
    /** It was not tried, because something it needs failed. */
    SKIPPED
  }

  /** Whether it takes part. */
  public boolean live() {
    return status == Status.LIVE;
  }

  /** What became of it, in lower case. */
  public String word() {
    return status.name().toLowerCase(Locale.ROOT);
  }

  boolean broken() {
    return status == Status.FAILED || status == Status.SKIPPED;
  }
}

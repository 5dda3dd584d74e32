package dev.rr.api.worker;

import dev.rr.annotation.Contract;

/** Workers of a plugin that can be replaced by fresh ones. Any thread. */
@Contract
public interface Resetter {
  /**
   * Replaces the workers and returns when the new ones serve; nothing before the plugin has
   * started.
   */
  void reset() throws InterruptedException;
}

package dev.rr.plugin.status;

import dev.rr.api.health.Health;
import dev.rr.api.health.HealthCheck;

/** What a watcher asks, and how it is told of a plugin that fails to answer. */
enum Probe {
  /** Whether the plugins work at all. */
  LIVE {
    @Override
    Health ask(HealthCheck plugin) throws Exception {
      return plugin.live();
    }

    @Override
    boolean failureShows(boolean chosen) {
      return !chosen;
    }

    @Override
    int failure(boolean chosen, int unavailable) {
      return chosen ? 500 : unavailable;
    }
  },

  /** Whether they can take work at this moment. */
  READY {
    @Override
    Health ask(HealthCheck plugin) throws Exception {
      return plugin.ready();
    }

    @Override
    boolean failureShows(boolean chosen) {
      return chosen;
    }

    @Override
    int failure(boolean chosen, int unavailable) {
      return 500;
    }
  };

  abstract Health ask(HealthCheck plugin) throws Exception;

  /**
   * Whether a plugin that fails to answer makes the whole answer one of failure. Upstream's rules,
   * which deployed probes rely on.
   *
   * @param chosen whether the watcher named plugins
   */
  abstract boolean failureShows(boolean chosen);

  /** The status in the row of a plugin that fails to answer. */
  abstract int failure(boolean chosen, int unavailable);
}

package dev.rr.api.health;

import dev.rr.annotation.Contract;

/**
 * A plugin that can tell how it is. The name of the offer is the one that {@code ?plugin=} asks
 * for. Any thread, also before the plugin has started and after it was stopped; must not block,
 * because a probe that waits looks like one that fails.
 */
@Contract
public interface HealthCheck {
  /**
   * Whether it works at all; a server that does not is restarted by those who watch.
   *
   * @throws Exception when it cannot tell; the message is shown
   */
  Health live() throws Exception;

  /**
   * Whether it can take work at this moment; a server that cannot gets none for a while.
   *
   * @throws Exception when it cannot tell; the message is shown
   */
  Health ready() throws Exception;
}

package dev.rr.api.broadcast;

import dev.rr.annotation.Contract;
import dev.rr.api.config.Section;

/**
 * A way to hand messages from who publishes to who has subscribed, for example Redis. The name of
 * the offer is what {@code broadcast.<broker>.driver} says. What several of its brokers share, such
 * as threads, belongs to the driver's plugin, which starts before the first is opened and stops
 * after the last was closed.
 */
@Contract
public interface PubSubDriver {
  /**
   * Says what would keep {@link #open} from working, without touching the world: decodes the
   * section, and looks at what it names. Called by the plugin {@code broadcast} while it checks.
   *
   * @param config as for {@link #open}; problems may be recorded on it
   * @throws dev.rr.api.config.ConfigException with what is wrong
   */
  void check(String broker, Section config);

  /**
   * Opens a broker. Called once for each while the plugin {@code broadcast} starts, one after the
   * other on the kernel's thread; may block, but a server that does not answer is no reason to fail
   * when the driver can dial again later.
   *
   * @param broker its name as configured, for messages and metrics
   * @param config {@code broadcast.<broker>.config}, else the top-level section that stands for it;
   *     not {@linkplain Section#present present} when there is neither
   * @param listener is told every message of the topics that are subscribed to
   * @throws Exception when the broker cannot be opened; the message is for the user and fails the
   *     start
   */
  PubSub open(String broker, Section config, PubSub.Listener listener) throws Exception;
}

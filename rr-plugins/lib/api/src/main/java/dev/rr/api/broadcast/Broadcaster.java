package dev.rr.api.broadcast;

import dev.rr.annotation.Contract;
import java.util.concurrent.CompletionStage;

/** The brokers of the plugin {@code broadcast}, for plugins that pass messages on to clients. */
@Contract
public interface Broadcaster {
  /**
   * Whether a broker is configured; for a plugin's {@code check}.
   *
   * @param broker its name, in any case
   */
  boolean has(String broker);

  /**
   * Begins to listen to a broker. Others that listen to it have their own subscriptions.
   *
   * @param broker its name, in any case
   * @param listener as a driver tells it
   * @throws IllegalArgumentException when there is no such broker, or it is not open yet
   */
  Subscription listen(String broker, PubSub.Listener listener);

  /** The topics of one listener. Any thread; nothing waits. */
  interface Subscription extends AutoCloseable {
    /** As {@link PubSub#subscribe}. */
    CompletionStage<Void> subscribe(String topic);

    /**
     * As {@link PubSub#unsubscribe}: the listener is told nothing more, but for what is on its way.
     */
    void unsubscribe(String topic);

    /** Ends every subscription of this listener. A second call does nothing. */
    @Override
    void close();
  }
}

package dev.rr.api.broadcast;

import dev.rr.api.error.OperationException;
import dev.rr.api.plugin.Deadline;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * One open broker, as its driver has it. Any thread. A message reaches who has subscribed at that
 * moment, at most once: nothing is kept for later. Messages that one caller publishes one after the
 * other arrive in that order, those of one topic at every listener in the same.
 */
public interface PubSub {
  /** Gets what arrives. Must not wait, since others wait behind it. */
  interface Listener {
    /**
     * A message of a topic that is, or was a moment ago, subscribed to. For one topic one call at a
     * time, for several maybe many at once; on the publisher's thread or one of the driver's.
     *
     * @param payload shared, so nobody changes it
     */
    void message(String topic, byte[] payload);

    /** Messages may have been missed: there was no connection for a while. Any thread. */
    void interrupted();
  }

  /**
   * Publishes messages, in their order; returns once the broker has all of them.
   *
   * @throws OperationException of the first that it does not have; those behind it may have been
   *     published as well. Nothing is published twice
   */
  void publish(List<Publication> messages) throws OperationException, InterruptedException;

  /**
   * Has the listener told what is published to a topic from the moment on that the answer
   * completes, and after every loss of the connection again. Does not wait. For a topic that is
   * subscribed to already it is the same subscription.
   *
   * @return completes exceptionally with a message for the user when that cannot be done in the
   *     driver's own time; the topic is not subscribed to then. May complete on a thread that
   *     nothing may hold up
   */
  CompletionStage<Void> subscribe(String topic);

  /** Ends a subscription; a topic without one is no error. Does not wait. */
  void unsubscribe(String topic);

  /**
   * What stands behind the broker, to be compared: of brokers that share it, what is published to
   * one reaches the listeners of all.
   */
  default Object destination() {
    return this;
  }

  /**
   * Ends every subscription and releases connections. No other method is called any more; this one
   * may be called twice.
   *
   * @param deadline when it has passed, what is under way is cut off
   */
  void close(Deadline deadline) throws Exception;
}

package dev.rr.plugin.broadcast;

import dev.rr.api.broadcast.Publication;
import dev.rr.api.error.OperationException;
import dev.rr.api.log.Log;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Publishes to every broker, whatever its name, as upstream does; of several that share what stands
 * behind them to the first, since all of them hear it. Any thread.
 */
final class BrokerPublisher {
  private final List<Broker> brokers = new ArrayList<>();
  private final Log log;

  BrokerPublisher(Collection<Broker> all, Log log) {
    this.log = log;
    Set<Object> destinations = new HashSet<>();
    for (Broker broker : all) {
      if (destinations.add(broker.destination())) {
        brokers.add(broker);
      }
    }
  }

  /**
   * Publishes messages in their order. A broker that does not take them keeps nobody from the
   * others.
   *
   * @throws OperationException of the first that did not take them
   */
  void publish(List<Publication> messages) throws OperationException, InterruptedException {
    if (brokers.isEmpty()) {
      log.warn("no publishers was registered");
    }
    OperationException first = null;
    for (Broker broker : brokers) {
      try {
        broker.publish(messages);
      } catch (OperationException | RuntimeException e) {
        OperationException failure = OperationException.within("broadcast_plugin_publish", e);
        if (first == null) {
          first = OperationException.within("broadcast_publish", failure);
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}

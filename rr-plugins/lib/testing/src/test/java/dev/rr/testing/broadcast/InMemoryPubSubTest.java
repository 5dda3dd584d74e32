package dev.rr.testing.broadcast;

import dev.rr.api.broadcast.PubSub;

/** The suite itself, on the smallest broker that passes it. */
class InMemoryPubSubTest extends PubSubContract {
  @Override
  protected PubSub open(PubSub.Listener listener) {
    return new InMemoryPubSub(listener);
  }
}

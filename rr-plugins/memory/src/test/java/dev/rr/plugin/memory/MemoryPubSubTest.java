package dev.rr.plugin.memory;

import dev.rr.api.broadcast.PubSub;
import dev.rr.testing.broadcast.PubSubContract;

class MemoryPubSubTest extends PubSubContract {
  @Override
  protected PubSub open(PubSub.Listener listener) {
    return new MemoryPubSub(listener);
  }
}

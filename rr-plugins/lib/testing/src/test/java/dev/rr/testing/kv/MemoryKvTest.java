package dev.rr.testing.kv;

import dev.rr.api.kv.KvStore;

/** The suite itself, on the smallest storage that passes it. */
class MemoryKvTest extends KvDriverContract {
  @Override
  protected KvStore open() {
    return new MapStore();
  }

  @Override
  protected boolean readsValues() {
    return false;
  }
}

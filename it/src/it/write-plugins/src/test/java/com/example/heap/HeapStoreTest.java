package com.example.heap;

import dev.rr.api.kv.KvStore;
import dev.rr.testing.kv.KvDriverContract;
import java.util.concurrent.ConcurrentHashMap;

class HeapStoreTest extends KvDriverContract {
  @Override
  protected KvStore open() {
    return new HeapStore(100, new ConcurrentHashMap<>());
  }
}

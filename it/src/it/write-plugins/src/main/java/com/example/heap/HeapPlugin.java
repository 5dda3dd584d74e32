package com.example.heap;

import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Section;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvStore;
import java.util.concurrent.ConcurrentHashMap;

/** The driver {@code heap}: keeps everything in memory. */
@Plugin("heap")
final class HeapPlugin implements KvDriver {
  private final Binder<HeapConfig> sections;

  HeapPlugin(Binder<HeapConfig> sections) {
    this.sections = sections;
  }

  @Override
  public void check(String storage, Section config) {
    var unused = config.bind(sections);
  }

  @Override
  public KvStore open(String storage, Section config) {
    return new HeapStore(config.bind(sections).maxKeys(), new ConcurrentHashMap<>());
  }
}

package dev.rr.plugin.sample;

import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Section;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvStore;

/** The driver {@code sample}: keeps everything in memory. */
@Plugin("sample")
final class SamplePlugin implements KvDriver {
  private final Binder<SampleConfig> sections;

  SamplePlugin(Binder<SampleConfig> sections) {
    this.sections = sections;
  }

  @Override
  public void check(String storage, Section config) {
    var unused = config.bind(sections);
  }

  @Override
  public KvStore open(String storage, Section config) {
    return new SampleStore(config.bind(sections).maxKeys());
  }
}

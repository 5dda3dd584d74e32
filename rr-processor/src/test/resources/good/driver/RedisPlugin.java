package test.driver;

import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Section;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvStore;

@Plugin("redis")
final class RedisPlugin implements KvDriver {
  private final Binder<RedisConfig> sections;

  RedisPlugin(Binder<RedisConfig> sections) {
    this.sections = sections;
  }

  @Override
  public void check(String storage, Section config) {
    config.bind(sections);
  }

  @Override
  public KvStore open(String storage, Section config) {
    throw new UnsupportedOperationException(config.bind(sections).toString());
  }
}

package dev.rr.plugin.kv;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Section;
import java.util.Map;

/** The {@code kv} section: storages by name. */
@ConfigSection("kv")
record KvConfig(@Key(name = "*", doc = "A storage.") Map<String, Entry> storages) {
  /** One storage; {@code config} is its driver's to decode. */
  @ConfigSection
  record Entry(
      @Key(required = true, doc = "What keeps the values: memory, boltdb, redis, memcached.")
          String driver,
      @Key(doc = "The driver's own keys; left out, the section named like the storage is taken.")
          Section config) {}
}

package com.example.store;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Section;
import java.util.Map;

/** The {@code store} section: storages by name. */
@ConfigSection("store")
record StoreConfig(@Key(name = "*", doc = "A storage.") Map<String, Storage> storages) {
  /** One storage. */
  @ConfigSection
  record Storage(String driver, Section config) {}
}

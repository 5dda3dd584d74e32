package dev.rr.plugin.sample;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Section;
import java.util.Map;

/** The {@code sample} section: storages by name. */
@ConfigSection("sample")
record SampleConfig(@Key(name = "*", doc = "A storage.") Map<String, Storage> storages) {
  /** One storage; {@code config} is its driver's to decode. */
  @ConfigSection
  record Storage(String driver, Section config) {}
}

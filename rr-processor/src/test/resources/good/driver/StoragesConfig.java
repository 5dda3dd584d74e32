package test.driver;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Section;
import java.util.Map;

@ConfigSection("storages")
record StoragesConfig(@Key(name = "*") Map<String, Storage> storages) {
  @ConfigSection
  record Storage(@Key(required = true) String driver, Section config) {}
}

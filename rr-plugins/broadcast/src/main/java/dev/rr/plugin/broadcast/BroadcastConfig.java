package dev.rr.plugin.broadcast;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Section;
import java.util.Map;

/** The {@code broadcast} section: brokers by name. */
@ConfigSection("broadcast")
record BroadcastConfig(@Key(name = "*", doc = "A broker.") Map<String, Entry> brokers) {
  /** One broker; {@code config} is its driver's to decode. */
  @ConfigSection
  record Entry(
      @Key(required = true, doc = "What passes messages on: memory, redis.") String driver,
      @Key(doc = "The driver's own keys; left out, the section named like the broker is taken.")
          Section config) {}
}

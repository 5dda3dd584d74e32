package dev.rr.plugin.cache;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The {@code http.cache} section. Of upstream's seed: {@code driver}, {@code cache_methods}, {@code
 * config}.
 */
@ConfigSection("http.cache")
record CacheConfig(
    @Key(fallback = "64", min = 1, max = 1_048_576, doc = "Megabytes of answers to keep.")
        int maxSize,
    @Key(fallback = "1024", min = 1, doc = "Kilobytes of the largest answer to keep.") int maxEntry,
    @Key(doc = "How long answers are fresh that say nothing about it; 0 keeps none of them.")
        Duration defaultTtl,
    @Key(
            doc =
                "How long answers that have gone stale may be served while a fresh one is fetched,"
                    + " when they say nothing about it.")
        Duration stale,
    @Key(fallback = "memory", doc = "Only memory.") String driver,
    @Key(fallback = "GET", doc = "Accepted for old files: GET and HEAD are cached.")
        List<String> cacheMethods,
    @Key(doc = "Accepted for old files, without effect.") Map<String, String> config)
    implements Checked {

  @Override
  public void check(Section at) {
    if (!driver.isEmpty() && !driver.equals("memory")) {
      at.problem("driver", "`" + driver + "` is not known; the only one is memory");
    }
  }

  long maxBytes() {
    return maxSize * 1024L * 1024;
  }

  int maxEntryBytes() {
    return Math.toIntExact(Math.min(maxEntry * 1024L, Integer.MAX_VALUE - 1024L));
  }
}

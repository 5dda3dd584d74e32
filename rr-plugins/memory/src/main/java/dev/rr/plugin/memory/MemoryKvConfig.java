package dev.rr.plugin.memory;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import java.time.Duration;

/** What the section of a storage may say whose driver is {@code memory}. */
@ConfigSection(value = "kv.*.config", driver = "memory")
record MemoryKvConfig(
    @Key(
            fallback = "60",
            min = 0,
            max = 86_400,
            doc = "Seconds after which expired values give their memory back; 0 is 60.")
        int interval,
    @Key(
            min = 0,
            doc = "Keys to keep; for one more, one that was not read lately goes. 0 is no bound.")
        long maxEntries,
    @Key(
            min = 0,
            max = 1_048_576,
            doc =
                "Megabytes to keep; for more, values go that were not read lately. 0 is no bound.")
        long maxSize,
    @Key(doc = "A file that keeps the values over restarts; empty for none.") String persist) {

  Duration sweepInterval() {
    return Duration.ofSeconds(interval == 0 ? 60 : interval);
  }

  EntryTable.Bounds bounds() {
    return new EntryTable.Bounds(
        maxEntries == 0 ? Long.MAX_VALUE : maxEntries,
        maxSize == 0 ? Long.MAX_VALUE : maxSize * 1024 * 1024);
  }
}

package dev.rr.plugin.memory;

import dev.rr.annotation.ConfigSection;

/** What the section of a broker may say whose driver is {@code memory}: nothing, as upstream. */
@ConfigSection(value = "broadcast.*.config", driver = "memory")
record MemoryBroadcastConfig() {}

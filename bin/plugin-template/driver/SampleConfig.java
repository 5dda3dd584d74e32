package dev.rr.plugin.sample;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/** What the section of a storage may say whose driver is {@code sample}. */
@ConfigSection(value = "kv.*.config", driver = "sample")
record SampleConfig(@Key(fallback = "1000", min = 1, doc = "The most keys.") int maxKeys) {}

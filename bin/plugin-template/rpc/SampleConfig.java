package dev.rr.plugin.sample;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/** The {@code sample} section. */
@ConfigSection("sample")
record SampleConfig(@Key(fallback = "hello", doc = "How callers are greeted.") String text) {}

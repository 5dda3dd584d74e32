package dev.rr.plugin.sample;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/** The {@code http.sample} section. */
@ConfigSection("http.sample")
record SampleConfig(@Key(fallback = "hello", doc = "The header's value.") String text) {}

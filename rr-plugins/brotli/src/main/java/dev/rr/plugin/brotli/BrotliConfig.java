package dev.rr.plugin.brotli;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/**
 * The {@code http.brotli} section; upstream has none. Levels 10 and 11 are left out: they are meant
 * for files that are compressed once, and would hold up other requests.
 */
@ConfigSection("http.brotli")
record BrotliConfig(
    @Key(fallback = "5", min = 0, max = 9, doc = "0 is fast, 9 is small.") int level) {}

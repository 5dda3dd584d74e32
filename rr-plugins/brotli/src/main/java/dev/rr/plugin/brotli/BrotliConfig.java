package dev.rr.plugin.brotli;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/**
 * The {@code http.brotli} section; upstream has none. Levels above 6 are left out: they are meant
 * for files that are compressed once. They take up to 30 MiB for one body, and hold up other
 * requests.
 */
@ConfigSection("http.brotli")
record BrotliConfig(
    @Key(fallback = "5", min = 0, max = 6, doc = "0 is fast, 6 is small.") int level) {}

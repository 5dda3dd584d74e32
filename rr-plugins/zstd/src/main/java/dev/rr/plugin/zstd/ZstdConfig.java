package dev.rr.plugin.zstd;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/**
 * The {@code http.zstd} section; upstream has none. Levels above 12 are left out: they are meant
 * for files that are compressed once, and would hold up other requests.
 */
@ConfigSection("http.zstd")
record ZstdConfig(
    @Key(fallback = "3", min = 1, max = 12, doc = "1 is fast, 12 is small.") int level) {}

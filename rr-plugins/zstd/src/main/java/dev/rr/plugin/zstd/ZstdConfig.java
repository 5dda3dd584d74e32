package dev.rr.plugin.zstd;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/**
 * The {@code http.zstd} section; upstream has none. Levels above 6 are left out: they are meant for
 * files that are compressed once. They take up to 40 MiB for one body, and hold up other requests.
 */
@ConfigSection("http.zstd")
record ZstdConfig(
    @Key(fallback = "3", min = 1, max = 6, doc = "1 is fast, 6 is small.") int level) {}

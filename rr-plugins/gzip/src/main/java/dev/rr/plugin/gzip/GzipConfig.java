package dev.rr.plugin.gzip;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import java.util.List;
import java.util.Locale;

/** The {@code http.gzip} section; upstream has none. */
@ConfigSection("http.gzip")
record GzipConfig(
    @Key(fallback = "3", min = 1, max = 9, doc = "1 is fast, 9 is small.") int level,
    @Key(fallback = "1024", min = 0, doc = "Bodies below this many bytes are not compressed.")
        int minLength,
    @Key(
            doc =
                "Media types to compress, * at the begin or end matches anything; empty is a list"
                    + " of text types.")
        List<String> types,
    @Key(
            fallback = "gzip",
            doc =
                "Codings to offer, the preferred first: gzip; br and zstd with the plugins brotli"
                    + " and zstd.")
        List<String> encodings) {
  private static final List<String> TEXT =
      List.of(
          "text/*",
          "*+json*",
          "*+xml*",
          "*+yaml*",
          "application/json*",
          "application/javascript*",
          "application/yaml*",
          "application/x-yaml*",
          "application/toml*",
          "application/xml*",
          "application/wasm*",
          "application/graphql*",
          "application/x-ndjson*",
          "application/vnd.ms-fontobject*",
          "font/otf*",
          "font/ttf*",
          "image/bmp*",
          "image/vnd.microsoft.icon*",
          "image/x-icon*");

  GzipConfig {
    types = types.isEmpty() ? TEXT : types;
  }

  /**
   * Whether a body of this media type is worth compressing. A stream of events has to arrive at
   * once, so it never is.
   */
  boolean compresses(String contentType) {
    String type = contentType.strip().toLowerCase(Locale.ROOT);
    return !type.startsWith("text/event-stream") && types.stream().anyMatch(t -> fits(t, type));
  }

  private static boolean fits(String pattern, String type) {
    if (pattern.startsWith("*")) {
      String rest = pattern.substring(1);
      return rest.endsWith("*")
          ? type.contains(rest.substring(0, rest.length() - 1))
          : type.endsWith(rest);
    }
    return pattern.endsWith("*")
        ? type.startsWith(pattern.substring(0, pattern.length() - 1))
        : type.equals(pattern);
  }
}

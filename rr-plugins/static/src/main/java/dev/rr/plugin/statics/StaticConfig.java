package dev.rr.plugin.statics;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The {@code http.static} section; upstream's keys. */
@ConfigSection("http.static")
record StaticConfig(
    @Key(fallback = ".", doc = "The directory whose files are served.") String dir,
    @Key(doc = "Extensions, with the dot, that are never served; wins over allow.")
        List<String> forbid,
    @Key(doc = "The only extensions, with the dot, that are served; empty is all.")
        List<String> allow,
    @Key(doc = "Send an ETag.") boolean calculateEtag,
    @Key(doc = "Make the ETag from the file's name instead of its content.") boolean weak,
    @Key(doc = "Accepted for old files, without effect.") Map<String, String> request,
    @Key(doc = "Headers of served files.") Map<String, String> response) {

  StaticConfig {
    dir = dir.isEmpty() ? "." : dir;
    forbid = extensions(forbid);
    allow = extensions(allow);
  }

  private static List<String> extensions(List<String> given) {
    return given.stream().filter(e -> !e.isBlank()).map(e -> e.toLowerCase(Locale.ROOT)).toList();
  }

  /** Whether files with this extension, dot included, may be served. */
  boolean serves(String extension) {
    return !forbid.contains(extension) && (allow.isEmpty() || allow.contains(extension));
  }
}

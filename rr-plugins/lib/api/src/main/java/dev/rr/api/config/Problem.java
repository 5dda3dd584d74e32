package dev.rr.api.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with the configuration, in words for its user.
 *
 * @param place where
 * @param message what was found, what is allowed, and the nearest valid name where there is one; no
 *     trailing stop; secrets already masked
 */
public record Problem(Place place, String message) {
  /**
   * Where a key stands.
   *
   * @param file the file, or null for an override or a value from nowhere
   * @param line from 1; 0 when unknown
   * @param path the dotted key path; empty for the file as a whole
   */
  public record Place(@Nullable Path file, int line, String path) {
    /** Whether both are one key, or one is a section in which the other stands. */
    boolean touches(Place other) {
      return within(path, other.path) || within(other.path, path);
    }

    private static boolean within(String section, String path) {
      return !section.isEmpty()
          && path.regionMatches(true, 0, section, 0, section.length())
          && (path.length() == section.length()
              || ".[".indexOf(path.charAt(section.length())) >= 0);
    }
  }

  /** {@code .rr.yaml:12: http.address: message}. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    if (place.file() != null) {
      out.append(place.file().getFileName());
      if (place.line() > 0) {
        out.append(':').append(place.line());
      }
      out.append(": ");
    }
    if (!place.path().isEmpty()) {
      out.append(place.path()).append(": ");
    }
    return out.append(message).toString();
  }
}

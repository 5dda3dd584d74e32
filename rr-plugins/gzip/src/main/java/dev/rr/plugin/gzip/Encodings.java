package dev.rr.plugin.gzip;

import dev.rr.api.config.Section;
import dev.rr.api.http.ContentCoding;
import dev.rr.api.plugin.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the codings that {@code http.gzip.encodings} lists. */
final class Encodings {
  static final String KEY = "encodings";

  private Encodings() {}

  /**
   * The codings in the order of their names; those without a problem.
   *
   * @param section gets a problem for each name that stands for nothing here
   */
  static List<ContentCoding> find(
      List<String> names, Choice<ContentCoding> choice, Section section) {
    List<ContentCoding> found = new ArrayList<>();
    for (String name : names) {
      // A coding's name is written in any case (RFC 9110, section 8.4.1).
      Optional<ContentCoding> coding = choice.find(name.toLowerCase(Locale.ROOT));
      if (coding.isEmpty()) {
        section.problem(KEY, choice.missing(name));
      } else if (found.contains(coding.get())) {
        section.problem(KEY, "'" + name + "' stands twice");
      } else {
        found.add(coding.get());
      }
    }
    if (names.isEmpty()) {
      section.problem(
          KEY,
          "is empty; "
              + choice.allowed()
              + ", or take gzip off http.middleware to compress nothing");
    }
    return List.copyOf(found);
  }
}

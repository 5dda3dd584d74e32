package dev.rr.processor.config;

import dev.rr.processor.base.Diagnostics;
import java.util.regex.Pattern;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.TypeElement;

/** A section has a dotted key path; that of a driver has a {@code *} for the user's name. */
final class PathRule {
  private static final Pattern PATH = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
  private static final Pattern OF_DRIVERS =
      Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*\\.\\*(\\.[a-z0-9_-]+)+");
  private static final Pattern DRIVER = Pattern.compile("[a-z0-9_-]+");

  private final Diagnostics diagnostics;

  PathRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  void check(TypeElement type, AnnotationMirror section, String key, String driver) {
    String has = type.getSimpleName() + "'s section is \"" + key + "\", ";
    if (!driver.isEmpty()) {
      checkDriver(type, section, key, driver);
    } else if (OF_DRIVERS.matcher(key).matches()) {
      error(
          type,
          section,
          "value",
          has
              + "which stands below names that the user chooses; name the driver whose keys these"
              + " are: driver = \"…\", or take a Map<String, "
              + type.getSimpleName()
              + "> in the section above");
    } else if (!key.isEmpty() && !PATH.matcher(key).matches()) {
      error(
          type,
          section,
          "value",
          has + "which is no dotted key path in lower case; write for example \"http.headers\"");
    }
  }

  private void checkDriver(TypeElement type, AnnotationMirror section, String key, String driver) {
    String whose = type.getSimpleName() + " is the section of the driver \"" + driver + "\", ";
    if (!DRIVER.matcher(driver).matches()) {
      error(
          type,
          section,
          "driver",
          whose + "which is no name; allowed are lower-case letters, digits, _ and -");
    } else if (!OF_DRIVERS.matcher(key).matches()) {
      error(
          type,
          section,
          "value",
          whose
              + "but its path \""
              + key
              + "\" says not where: write * for the name that the user chooses, for example"
              + " \"kv.*.config\"");
    }
  }

  private void error(TypeElement type, AnnotationMirror section, String argument, String message) {
    diagnostics.error("ConfigPath", type, section, argument, message);
  }
}

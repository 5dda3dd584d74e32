package dev.rr.build.application;

import java.util.List;

/**
 * A PHP package of an application. Immutable.
 *
 * @param name {@code vendor/package}
 * @param licences mostly by their identifiers of SPDX; any of them may be chosen
 * @param development whether the application needs it for its development alone
 * @param requires the names of what it needs itself, sorted; PHP and its extensions are among them
 */
public record ComposerPackage(
    String name,
    String version,
    List<String> licences,
    boolean development,
    List<String> requires) {
  /** What stands before the slash in its name. */
  public String vendor() {
    return name.substring(0, name.indexOf('/'));
  }

  /** What stands behind the slash in its name. */
  public String project() {
    return name.substring(name.indexOf('/') + 1);
  }
}

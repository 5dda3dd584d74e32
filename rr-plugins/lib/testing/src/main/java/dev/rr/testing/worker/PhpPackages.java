package dev.rr.testing.worker;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The real PHP packages, for the compatibility suite. Its tests carry {@link #TAG}: the build
 * selects them where {@code RR_PHP_PACKAGES} is set, and leaves them out elsewhere.
 */
public final class PhpPackages {
  /** JUnit's tag of a test that needs the packages. */
  public static final String TAG = "php-packages";

  private PhpPackages() {}

  /** The folder that {@code RR_PHP_PACKAGES} names; the test fails where it has no packages. */
  public static Path folder() {
    String folder = System.getenv("RR_PHP_PACKAGES");
    if (folder == null || !Files.exists(Path.of(folder, "autoload.php"))) {
      return fail("RR_PHP_PACKAGES is " + folder + ", which is no folder with autoload.php");
    }
    return Path.of(folder);
  }
}

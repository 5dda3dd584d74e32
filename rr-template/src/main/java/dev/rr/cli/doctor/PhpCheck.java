package dev.rr.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether there is a PHP, and whether it is new enough for the installed packages. */
final class PhpCheck implements DoctorCheck {
  /** What the current packages for workers need, where none are installed that say so. */
  private static final int NEEDED = 80_100;

  private static final Pattern REQUIRED = Pattern.compile("PHP_VERSION_ID >= (\\d{5,6})");
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

  @Override
  public String name() {
    return "php";
  }

  @Override
  public List<Finding> look(Machine machine) {
    return machine.php().map(php -> List.of(look(php, machine.folder()))).orElse(List.of());
  }

  private static Finding look(Php php, Path folder) {
    if (!php.fault().isEmpty()) {
      return Finding.problem(
          "workers are started by " + php.program() + ", but " + php.fault(),
          "install PHP's command line (Debian: php-cli), or name its path in server.command");
    }
    int needed = required(folder.resolve("vendor/composer/platform_check.php"));
    int version = number(php.version());
    return version >= needed
        ? Finding.ok(php.program() + " is PHP " + php.version())
        : Finding.problem(
            php.program() + " is PHP " + php.version() + ", the packages need " + dotted(needed),
            "install a newer PHP, or name the path of one in server.command");
  }

  /** What composer wrote down for the packages in this folder. */
  private static int required(Path file) {
    try {
      Matcher found = REQUIRED.matcher(Files.readString(file));
      return found.find() ? Integer.parseInt(found.group(1)) : NEEDED;
    } catch (IOException absent) {
      return NEEDED;
    }
  }

  private static int number(String version) {
    Matcher parts = VERSION.matcher(version);
    return parts.matches()
        ? Integer.parseInt(parts.group(1)) * 10_000
            + Integer.parseInt(parts.group(2)) * 100
            + Integer.parseInt(parts.group(3))
        : 0;
  }

  private static String dotted(int number) {
    return number / 10_000 + "." + number / 100 % 100 + "." + number % 100;
  }
}

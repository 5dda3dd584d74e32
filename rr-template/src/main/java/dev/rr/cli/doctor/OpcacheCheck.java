package dev.rr.cli.doctor;

import java.util.List;

/** Whether workers compile each script once: PHP's cache is off on the command line by default. */
final class OpcacheCheck implements DoctorCheck {
  @Override
  public String name() {
    return "opcache";
  }

  @Override
  public List<Finding> look(Machine machine) {
    return machine.php().filter(php -> php.fault().isEmpty()).stream()
        .map(OpcacheCheck::look)
        .toList();
  }

  private static Finding look(Php php) {
    if (!php.extensions().contains("zend-opcache")) {
      return Finding.warning(
          "PHP has no OPcache, so each worker compiles every script again",
          "install it (Debian: php-opcache, images: docker-php-ext-install opcache)");
    }
    return php.on("opcache.enable") && php.on("opcache.enable_cli")
        ? Finding.ok("opcache.enable_cli is on")
        : Finding.warning(
            "OPcache is off for workers: opcache.enable_cli is 0",
            "set opcache.enable_cli=1 in php.ini, or server.command: \"php -d"
                + " opcache.enable_cli=1 …\"");
  }
}

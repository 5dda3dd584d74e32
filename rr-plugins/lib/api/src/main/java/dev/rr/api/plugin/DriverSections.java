package dev.rr.api.plugin;

import dev.rr.api.config.Configurer;
import java.util.stream.Stream;

/** Which section of the configuration holds a driver's keys for a name that the user chose. */
public final class DriverSections {
  private DriverSections() {}

  /**
   * The path of the section: {@code <host>.<name>.config}, else what is called as the name, else
   * what is called as its driver; the first again when none of them is there. What another plugin
   * reads is not meant: a storage may happen to be called {@code http}.
   *
   * @param host the section of the names, for example {@code kv}
   */
  public static String path(
      String host, String name, String driver, Configurer configurer, Catalogue catalogue) {
    String own = host + "." + name + ".config";
    if (configurer.has(own)) {
      return own;
    }
    return Stream.of(name, driver)
        .filter(other -> configurer.has(other) && catalogue.reading(other).isEmpty())
        .findFirst()
        .orElse(own);
  }
}

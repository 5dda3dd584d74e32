package dev.rr.api.kv;

import dev.rr.api.config.Configurer;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.DriverSections;

/** Which section of the configuration is a storage's. */
public final class KvSections {
  private KvSections() {}

  /**
   * The path of the section: {@code kv.<storage>.config}, else what is called as the storage, else
   * what is called as its driver; the first again when none of them is there. What another plugin
   * reads is not meant: a storage may happen to be called {@code http}.
   */
  public static String path(
      String storage, String driver, Configurer configurer, Catalogue catalogue) {
    return DriverSections.path("kv", storage, driver, configurer, catalogue);
  }
}

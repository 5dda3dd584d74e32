package dev.rr.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this build of rr goes with.
 *
 * @param rr its own version
 * @param dagger the version of Dagger
 */
public record Versions(String rr, String dagger) {
  /** Those that were written when this was built. */
  public static Versions own() {
    Properties properties = all();
    return new Versions(properties.getProperty("rr", ""), properties.getProperty("dagger", ""));
  }

  /** Those of Maven's plugins and of libraries as well, by their names. */
  public static Properties all() {
    Properties properties = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("/META-INF/rr/versions.properties")) {
      if (in == null) {
        throw new IllegalStateException("META-INF/rr/versions.properties is not in this jar");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}

package dev.rr.cli.command;

import dev.rr.api.plugin.Host;
import dev.rr.kernel.Assembly.BuildInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What {@code --version} prints. Builds carry no date, as they are the same on every day; the
 * lock's hash stands for it. The third word is what programs compare with the RoadRunner they need.
 */
public final class VersionText {
  private static final String MADE_OF = "/META-INF/rr/lock.json";

  private VersionText() {}

  public static String of(String program, BuildInfo build) {
    String lock = build.lock().isEmpty() ? "" : ", lock: " + build.lock();
    return "%s version %s (build time: development%s, version: %s, rr %s, java %s), OS: %s, arch: %s"
        .formatted(
            program,
            Host.ROADRUNNER,
            lock,
            build.plainVersion(),
            build.rr(),
            Runtime.version(),
            System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT),
            System.getProperty("os.arch"));
  }

  /**
   * All that the file is made of, as {@code rr-maven-plugin} wrote it into it: enough to make it
   * again. A JSON text that ends in a newline; {@code {}} where classes were not packed.
   */
  public static String madeOf() {
    try (InputStream in = VersionText.class.getResourceAsStream(MADE_OF)) {
      return in == null ? "{}\n" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands for a build's time. */
  public static String buildTime(BuildInfo build) {
    return build.lock().isEmpty() ? "development" : build.lock();
  }
}

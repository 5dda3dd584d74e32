package dev.rr.cli.command;

import dev.rr.api.plugin.Host;
import dev.rr.kernel.Assembly.BuildInfo;

/**
 * What {@code --version} prints. Builds carry no date, as they are the same on every day; the
 * lock's hash stands for it. The third word is what programs compare with the RoadRunner they need.
 */
public final class VersionText {
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

  /** What stands for a build's time. */
  public static String buildTime(BuildInfo build) {
    return build.lock().isEmpty() ? "development" : build.lock();
  }
}

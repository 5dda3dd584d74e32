package dev.rr.build.image;

import dev.rr.build.BuildException;
import dev.rr.build.jdk.JdkFinder;
import dev.rr.build.jdk.JdkRelease;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an image is made for.
 *
 * @param platform as {@code linux/arm64}
 * @param jdk the home of an unpacked JDK of that platform; empty for the one that builds
 */
public record TargetPlatform(String platform, Optional<Path> jdk) {
  private static final Pattern PLATFORM = Pattern.compile("[a-z0-9]+/[a-z0-9_]+");
  private static final Pattern OF_PLATFORM = Pattern.compile("(" + PLATFORM + ")=(.+)");

  /** What the user says, read into targets, with everything that is wrong in it. */
  private static final class Reader {
    private final Path folder;
    private final TreeSet<String> platforms = new TreeSet<>();
    private final Map<String, Path> jdks = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    Reader(Path folder) {
      this.folder = folder;
    }

    void platforms(String text) {
      for (String platform : items(text)) {
        if (PLATFORM.matcher(platform).matches()) {
          platforms.add(platform);
        } else {
          problems.add(
              "rr.platform: \"%s\" is no platform; such are linux/amd64 and linux/arm64"
                  .formatted(platform));
        }
      }
    }

    void jdks(String text) {
      // A single folder may have any name, one with a comma as well.
      if (platforms.size() == 1 && !OF_PLATFORM.matcher(text).matches()) {
        jdk(platforms.first(), text);
        return;
      }
      for (String item : items(text)) {
        Matcher matcher = OF_PLATFORM.matcher(item);
        if (!matcher.matches()) {
          problems.add(
              "rr.runtimeJdk: \"%s\" says no platform; where there are several it is PLATFORM=FOLDER, of %s"
                  .formatted(item, all()));
        } else if (platforms.contains(matcher.group(1))) {
          jdk(matcher.group(1), matcher.group(2));
        } else {
          problems.add(
              "rr.runtimeJdk: %s is none of rr.platform's %s".formatted(matcher.group(1), all()));
        }
      }
    }

    private void jdk(String platform, String path) {
      Path home = folder.resolve(path);
      if (jdks.put(platform, home) != null) {
        problems.add("rr.runtimeJdk: %s has two JDKs; one is enough".formatted(platform));
      }
      said(home)
          .filter(said -> !said.equals(platform))
          .ifPresent(said ->
              problems.add(
                  "rr.runtimeJdk: %s is a JDK for %s, not for %s".formatted(home, said, platform)));
    }

    List<TargetPlatform> targets(String own) throws BuildException {
      List<TargetPlatform> all = new ArrayList<>();
      for (String platform : platforms) {
        Optional<Path> jdk = Optional.ofNullable(jdks.get(platform));
        if (jdk.isEmpty() && !platform.equals(own)) {
          problems.add(
              "rr.platform: an image for %s needs an unpacked JDK %d of it: -Drr.runtimeJdk=%sFOLDER"
                  .formatted(
                      platform, JdkFinder.FEATURE, platforms.size() == 1 ? "" : platform + "="));
        }
        all.add(new TargetPlatform(platform, jdk));
      }
      check();
      return List.copyOf(all);
    }

    void check() throws BuildException {
      if (!problems.isEmpty()) {
        throw new BuildException(problems);
      }
    }

    private String all() {
      return String.join(", ", platforms);
    }
  }

  /**
   * Reads what the user says.
   *
   * @param platforms {@code rr.platform}, one or several with commas between; blank for Linux on
   *     this machine's processor
   * @param jdks {@code rr.runtimeJdk}, a folder, or {@code PLATFORM=FOLDER} with commas between;
   *     may be blank
   * @param folder where paths begin
   * @param own this machine's platform, which needs no JDK besides the one that builds
   * @return sorted by platform, each once
   */
  public static List<TargetPlatform> parse(String platforms, String jdks, Path folder, String own)
      throws BuildException {
    Reader reader = new Reader(folder);
    reader.platforms(items(platforms).isEmpty() ? own.replaceFirst(".*/", "linux/") : platforms);
    reader.check();
    if (!jdks.isBlank()) {
      reader.jdks(jdks.trim());
    }
    return reader.targets(own);
  }

  private static List<String> items(String text) {
    return Stream.of(text.split(",", -1)).map(String::trim).filter(i -> !i.isEmpty()).toList();
  }

  /** This machine's platform. */
  public static String own() {
    return platform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  private static String platform(String os, String architecture) {
    return os.toLowerCase(Locale.ROOT)
        + "/"
        + switch (architecture) {
          case "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          default -> architecture;
        };
  }

  /** For what a JDK is by its own word. */
  private static Optional<String> said(Path jdk) {
    JdkRelease release = JdkRelease.of(jdk);
    return release
        .value("OS_NAME")
        .flatMap(os -> release.value("OS_ARCH").map(architecture -> platform(os, architecture)));
  }
}

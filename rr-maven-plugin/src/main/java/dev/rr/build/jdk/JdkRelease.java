package dev.rr.build.jdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JDK says of itself in its file {@code release}, in lines of {@code KEY="VALUE"}.
 * Immutable.
 */
public final class JdkRelease {
  private static final Pattern LINE = Pattern.compile("(?m)^(\\w+)=\"([^\"]+)\"");

  private final Map<String, String> values = new TreeMap<>();

  private JdkRelease(String text) {
    Matcher matcher = LINE.matcher(text);
    while (matcher.find()) {
      values.putIfAbsent(matcher.group(1), matcher.group(2));
    }
  }

  /** Of the JDK in a folder; one without values where no such file can be read. */
  public static JdkRelease of(Path home) {
    try {
      return new JdkRelease(Files.readString(home.resolve("release")));
    } catch (IOException e) {
      // What is no JDK is told of when it is used.
      return new JdkRelease("");
    }
  }

  /** As {@code JAVA_VERSION} is asked for; empty where it does not say that. */
  public Optional<String> value(String key) {
    return Optional.ofNullable(values.get(key));
  }
}

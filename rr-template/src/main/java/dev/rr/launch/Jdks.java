package dev.rr.launch;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds a JDK that is new enough, by release files, in the preamble's order. One thread. */
final class Jdks {
  static final int NEEDED = 25;

  private static final String[] FOLDERS = {
    "/usr/lib/jvm", "/usr/java", "/opt", "/opt/java", "~/.sdkman/candidates/java", "~/.jdks"
  };

  private final Map<String, String> environment;

  Jdks(Map<String, String> environment) {
    this.environment = environment;
  }

  /** 25 of {@code 25.0.3}, 8 of {@code 1.8.0}; 0 when it is no version. */
  static int major(String version) {
    String[] parts = version.split("[^0-9]+");
    int at = parts.length > 1 && parts[0].equals("1") ? 1 : 0;
    return parts.length == 0 || parts[at].isEmpty() ? 0 : Integer.parseInt(parts[at]);
  }

  /** A home, or null. {@code RR_JAVA} is the only candidate when it is set. */
  @Nullable File find() throws IOException {
    String chosen = environment.get("RR_JAVA");
    if (chosen != null && !chosen.isEmpty()) {
      File home = new File(chosen);
      return fits(home) ? home : fitting(home);
    }
    String javaHome = environment.get("JAVA_HOME");
    if (javaHome != null && fits(new File(javaHome))) {
      return new File(javaHome);
    }
    File home = onPath();
    return home != null ? home : inFolders();
  }

  private @Nullable File onPath() throws IOException {
    String path = environment.get("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator)) {
      File home = folder.isEmpty() ? null : fitting(new File(folder, "java"));
      if (home != null) {
        return home;
      }
    }
    return null;
  }

  private @Nullable File inFolders() throws IOException {
    String user = System.getProperty("user.home", "");
    for (String folder : FOLDERS) {
      File[] homes = new File(folder.replace("~", user)).listFiles();
      if (homes != null) {
        Arrays.sort(homes);
        for (File home : homes) {
          if (fits(home)) {
            return home;
          }
        }
      }
    }
    return null;
  }

  /** The home of a java program. */
  private static @Nullable File fitting(File program) throws IOException {
    File bin = program.isFile() ? program.getCanonicalFile().getParentFile() : null;
    File home = bin == null ? null : bin.getParentFile();
    return home != null && fits(home) ? home : null;
  }

  private static boolean fits(File home) throws IOException {
    return new File(home, "bin/java").canExecute() && version(home) >= NEEDED;
  }

  private static int version(File home) throws IOException {
    File release = new File(home, "release");
    if (!release.isFile()) {
      return 0;
    }
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(release), StandardCharsets.UTF_8));
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("JAVA_VERSION=")) {
          return major(line.substring("JAVA_VERSION=".length()).replace("\"", ""));
        }
      }
      return 0;
    } finally {
      in.close();
    }
  }

  /** What to say when there is none. */
  String complaint() {
    String chosen = environment.get("RR_JAVA");
    if (chosen != null && !chosen.isEmpty()) {
      return "rr: RR_JAVA=" + chosen + " is not a Java " + NEEDED + " or newer";
    }
    return "rr: needs Java "
        + NEEDED
        + " or newer, this is "
        + System.getProperty("java.version")
        + "; there is none in JAVA_HOME, PATH, /usr/lib/jvm, /usr/java, /opt, ~/.sdkman or ~/.jdks."
        + " Install one, or say where it is: RR_JAVA=/path/to/jdk";
  }
}

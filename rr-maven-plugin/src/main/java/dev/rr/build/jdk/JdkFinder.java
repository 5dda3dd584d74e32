package dev.rr.build.jdk;

import dev.rr.build.BuildException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds a JDK 25 by reading each candidate's {@code release} file; none is started. Looks in the
 * order in which places were added.
 */
public final class JdkFinder {
  /** The feature version that is needed. */
  public static final int FEATURE = 25;

  private static final List<String> USUAL =
      List.of("/usr/lib/jvm", "/opt", "/opt/java", "/Library/Java/JavaVirtualMachines");

  private final List<Place> places = new ArrayList<>();

  private record Place(String name, List<Path> homes) {}

  /** A JDK that was asked for by name: used, or an error. Null when none was. */
  public static Optional<Path> explicit(String name, String value) throws BuildException {
    if (value.isBlank()) {
      return Optional.empty();
    }
    Optional<Path> home = home(value);
    if (home.isEmpty() || !isJdk(home.get())) {
      throw new BuildException(
          name + " is " + value + ", which is " + what(home) + "; a JDK " + FEATURE + " is needed");
    }
    return home;
  }

  /** Looks in these folders of JDKs or at these programs; absent ones are passed over. */
  public JdkFinder at(String name, List<String> values) {
    places.add(new Place(name, values.stream().flatMap(v -> home(v).stream()).distinct().toList()));
    return this;
  }

  /** Looks where variables point. */
  public JdkFinder variables(Map<String, String> environment) {
    for (String name : List.of("JAVA25_HOME", "RR_JAVA", "JAVA_HOME")) {
      String value = environment.getOrDefault(name, "");
      at(name, value.isEmpty() ? List.of() : List.of(value));
    }
    String path = environment.getOrDefault("PATH", "");
    return at(
        "PATH",
        Stream.of(path.split(File.pathSeparator, -1))
            .filter(d -> !d.isEmpty())
            .map(d -> d + "/javac")
            .filter(f -> Files.isExecutable(Path.of(f)))
            .toList());
  }

  /** Looks in the folders where systems and tools keep JDKs. */
  public JdkFinder usualFolders(Path userHome) {
    List<String> all = new ArrayList<>(USUAL);
    all.add(userHome.resolve(".sdkman/candidates/java").toString());
    all.add(userHome.resolve(".jdks").toString());
    all.add(userHome.resolve("Library/Java/JavaVirtualMachines").toString());
    all.forEach(f -> at(f, children(Path.of(f))));
    return this;
  }

  /**
   * The first JDK 25.
   *
   * @throws BuildException that lists where it looked, and what was there
   */
  public Path find() throws BuildException {
    for (Place place : places) {
      for (Path home : place.homes()) {
        if (isJdk(home)) {
          return home;
        }
      }
    }
    Set<String> looked = new LinkedHashSet<>();
    for (Place place : places) {
      looked.add(
          place.homes().isEmpty()
              ? place.name()
              : place.homes().stream()
                  .limit(4)
                  .map(h -> h + ": " + what(Optional.of(h)))
                  .reduce((a, b) -> a + "; " + b)
                  .map(s -> place.name() + " (" + s + ")")
                  .orElse(place.name()));
    }
    throw new BuildException(
        "No JDK "
            + FEATURE
            + " was found. Looked at "
            + String.join(", ", looked)
            + ". Unpack one under /opt, or name it: -Drr.jdk=<folder>");
  }

  /** The version a JDK's release file tells, or empty. */
  public static Optional<String> version(Path home) {
    return JdkRelease.of(home).value("JAVA_VERSION");
  }

  private static boolean isJdk(Path home) {
    return isFeature(version(home)) && hasCompiler(home);
  }

  private static boolean isFeature(Optional<String> version) {
    return version.isPresent() && version.get().matches(FEATURE + "([.+-].*)?");
  }

  private static boolean hasCompiler(Path home) {
    return Files.isExecutable(home.resolve("bin/javac"))
        || Files.isExecutable(home.resolve("bin/javac.exe"));
  }

  private static String what(Optional<Path> home) {
    Optional<String> version = home.flatMap(JdkFinder::version);
    if (home.isEmpty() || !Files.exists(home.get())) {
      return "not there";
    }
    if (version.isEmpty()) {
      return "no JDK";
    }
    return hasCompiler(home.get())
        ? "Java " + version.get()
        : "Java " + version.get() + " without javac";
  }

  /**
   * A folder is a home itself, or holds one as macOS lays it out; a program stands in a home's bin.
   */
  private static Optional<Path> home(String value) {
    try {
      Path path = Path.of(value).toAbsolutePath().normalize();
      if (Files.isDirectory(path)) {
        Path inside = path.resolve("Contents/Home");
        return Optional.of(Files.isDirectory(inside) ? inside : path);
      }
      if (!Files.exists(path)) {
        return Optional.of(path);
      }
      Path program = path.toRealPath();
      Path bin = program.getParent();
      return bin == null ? Optional.empty() : Optional.ofNullable(bin.getParent());
    } catch (InvalidPathException | IOException e) {
      return Optional.empty();
    }
  }

  private static List<String> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).map(Path::toString).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}

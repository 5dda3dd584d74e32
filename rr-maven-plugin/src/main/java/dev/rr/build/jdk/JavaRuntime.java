package dev.rr.build.jdk;

import dev.rr.build.BuildException;
import dev.rr.build.ChildProcess;
import dev.rr.build.Folders;
import dev.rr.build.Replaceable;
import dev.rr.build.Suggestions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Makes a folder that runs where no Java is: the packed file, a Java of the modules that it uses,
 * and a script that puts the two together. One thread.
 *
 * <pre>
 * rr          the script
 * lib/rr      the packed file
 * java/       the Java
 * </pre>
 */
public final class JavaRuntime {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /**
   * What no static look at classes finds: services that the JDK looks up by name (file systems in
   * jars, character sets of configurations, certificates), {@code sun.misc.Unsafe}, and what
   * operators look into a server with.
   */
  private static final List<String> ALWAYS =
      List.of(
          "java.base",
          "java.management",
          "java.naming",
          "java.net.http",
          "jdk.charsets",
          "jdk.jcmd",
          "jdk.jfr",
          "jdk.management",
          "jdk.net",
          "jdk.unsupported",
          "jdk.zipfs");

  // No text block: the parser of Maven's plugin tools reads this file, too.
  private static final String SCRIPT =
      String.join(
          "\n",
          "#!/bin/sh",
          "# Runs lib/rr with the Java in this folder; RR_JAVA names another.",
          "rr_here=$(readlink -f -- \"$0\") && rr_here=$(dirname -- \"$rr_here\") || exit 1",
          "export RR_JAVA=\"${RR_JAVA:-$rr_here/java}\"",
          "exec \"$rr_here/lib/rr\" \"$@\"",
          "");

  private static final List<String> IDENTITY =
      List.of("JAVA_RUNTIME_VERSION=", "IMPLEMENTOR_VERSION=", "OS_ARCH=");

  private final Path jdk;
  private final Optional<Path> target;
  private final boolean archived;

  /**
   * Makes one.
   *
   * @param jdk the home of the JDK 25 whose tools are used
   * @param target the home of an unpacked JDK of another system that the folder is for, with its
   *     {@code jmods}; the same JDK's when empty
   * @param archived whether Java's own classes start from an archive, which is faster, but other
   *     bytes each time
   */
  public JavaRuntime(Path jdk, Optional<Path> target, boolean archived) {
    this.jdk = jdk;
    this.target = target;
    this.archived = archived;
  }

  /**
   * Fails where something is that this has not made: all of it would be deleted.
   *
   * @param key by which the user named the place
   */
  public static void requireReplaceable(String key, Path folder)
      throws BuildException, IOException {
    Replaceable.requireFolder(
        key,
        folder,
        "nothing that rr:runtime made, which is all that it replaces",
        place -> isEmpty(place) || isOne(place));
  }

  private static boolean isEmpty(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(place)) {
      return entries.findAny().isEmpty();
    }
  }

  private static boolean isOne(Path folder) {
    return Files.isRegularFile(folder.resolve("lib/rr"))
        && Files.isRegularFile(folder.resolve("java/release"));
  }

  /**
   * Makes the folder.
   *
   * @param file the packed file
   * @param more modules that the user wants besides
   * @param folder where it shall stand; what was there is deleted when the new one is good
   * @return the modules that are in it, sorted
   */
  public List<String> make(Path file, List<String> more, Path folder)
      throws BuildException, IOException, InterruptedException {
    requireTarget();
    requireModules(more);
    Path place = Objects.requireNonNull(folder.toAbsolutePath().getParent());
    Files.createDirectories(place);
    Path trial = Files.createTempDirectory(place, ".rr-runtime-");
    try {
      Path fresh = Files.createDirectories(trial.resolve("rr"));
      Path lib = Files.createDirectories(fresh.resolve("lib"));
      Files.copy(file, lib.resolve("rr"), StandardCopyOption.COPY_ATTRIBUTES);
      TreeSet<String> modules = new TreeSet<>(ALWAYS);
      modules.addAll(used(file, trial));
      modules.addAll(more);
      link(modules, fresh.resolve("java"));
      writeScript(fresh.resolve("rr"));
      if (target.isEmpty() && File.separatorChar == '/') {
        tryOut(fresh.resolve("rr"));
      }
      Folders.delete(folder);
      Files.move(fresh, folder);
      return List.copyOf(modules);
    } finally {
      Folders.delete(trial);
    }
  }

  private void requireTarget() throws BuildException {
    if (target.isPresent() && !Files.isDirectory(target.get().resolve("jmods"))) {
      throw new BuildException(
          "rr.runtimeJdk is %s, which has no folder jmods; unpack a JDK %d of the other system that has one"
              .formatted(target.get(), JdkFinder.FEATURE));
    }
  }

  private void requireModules(List<String> wanted) throws BuildException {
    Path home = target.orElse(jdk);
    Optional<String> said = JdkRelease.of(home).value("MODULES");
    List<String> known = said.map(all -> List.of(all.split(" ", -1))).orElse(List.of());
    List<String> problems = new ArrayList<>();
    for (String name : wanted) {
      if (!known.isEmpty() && !known.contains(name)) {
        List<String> near = Suggestions.to(name, known);
        problems.add(
            "rr.modules: %s is no module of the JDK in %s%s"
                .formatted(
                    name,
                    home,
                    near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?"));
      }
    }
    if (!problems.isEmpty()) {
      throw new BuildException(problems);
    }
  }

  /** The modules that classes of the file name. */
  private List<String> used(Path file, Path work)
      throws BuildException, IOException, InterruptedException {
    // jdeps knows a jar by its name.
    Path jar = Files.copy(file, work.resolve("rr.jar"));
    ChildProcess.Result result =
        tool(
            List.of(
                program("jdeps"),
                "--ignore-missing-deps",
                "--multi-release",
                Integer.toString(JdkFinder.FEATURE),
                "--print-module-deps",
                jar.toString()),
            work);
    return modules(result.output());
  }

  /** Of what jdeps printed: the list is its last line, after warnings. */
  static List<String> modules(String printed) throws BuildException {
    List<String> lines = printed.lines().map(String::trim).filter(l -> !l.isEmpty()).toList();
    String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    if (!last.matches("[a-z][\\w.]*(,[a-z][\\w.]*)*")) {
      throw new BuildException("jdeps named no modules; it said:\n" + printed);
    }
    return Arrays.asList(last.split(",", -1));
  }

  private void link(TreeSet<String> modules, Path output)
      throws BuildException, IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(program("jlink")));
    target.ifPresent(t -> line.addAll(List.of("--module-path", t.resolve("jmods").toString())));
    line.addAll(
        List.of(
            "--add-modules",
            String.join(",", modules),
            "--no-header-files",
            "--no-man-pages",
            "--output",
            output.toString()));
    if (target.isEmpty()) {
      // For another system it cannot be made here.
      if (archived) {
        line.add("--generate-cds-archive");
      }
      // A JDK without jmods links itself, and refuses when a distribution has put its own
      // certificates in: those are what the same JDK would run with here.
      if (!Files.isDirectory(jdk.resolve("jmods"))) {
        line.add("--ignore-modified-runtime");
      }
    }
    tool(line, Objects.requireNonNull(output.getParent()));
    completeRelease(output.resolve("release"));
  }

  /** By these lines the file's script knows which build of a JVM a start-up cache was made by. */
  private void completeRelease(Path release) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(release));
    Path source = target.orElse(jdk).resolve("release");
    for (String line : Files.exists(source) ? Files.readAllLines(source) : List.<String>of()) {
      for (String key : IDENTITY) {
        if (line.startsWith(key) && lines.stream().noneMatch(l -> l.startsWith(key))) {
          lines.add(line);
        }
      }
    }
    Files.write(release, lines);
  }

  private ChildProcess.Result tool(List<String> line, Path folder)
      throws BuildException, IOException, InterruptedException {
    ChildProcess.Result result = ChildProcess.run(line, folder, Map.of(), LIMIT);
    if (result.exit() != 0) {
      throw new BuildException(
          "`%s` %s and said:%n%s"
              .formatted(
                  String.join(" ", line),
                  result.exit() < 0
                      ? "took longer than " + LIMIT.toMinutes() + " min"
                      : "ended with " + result.exit(),
                  result.output()));
    }
    return result;
  }

  private static void writeScript(Path script) throws IOException {
    Files.writeString(script, SCRIPT);
    if (Files.getFileStore(script).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private void tryOut(Path script) throws BuildException, IOException, InterruptedException {
    Path folder = Objects.requireNonNull(script.getParent());
    // Only the Java in the folder counts.
    tool(
        List.of(
            "env",
            "-u",
            "RR_JAVA",
            "JAVA_HOME=/nonexistent",
            "sh",
            script.toAbsolutePath().toString(),
            "--version"),
        folder);
  }

  private String program(String name) {
    Path program = jdk.resolve("bin").resolve(name);
    return Files.exists(program) ? program.toString() : program + ".exe";
  }
}

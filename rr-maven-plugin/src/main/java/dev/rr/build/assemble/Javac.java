package dev.rr.build.assemble;

import dev.rr.build.BuildException;
import dev.rr.build.ChildProcess;
import dev.rr.build.jdk.JdkFinder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compiles the generated sources with a JDK's own compiler as a process, and Dagger as its
 * processor.
 */
final class Javac {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Path home;
  private final List<Path> processors;

  Javac(Path home, List<Path> processors) {
    this.home = home;
    this.processors = processors;
  }

  /**
   * Compiles every source below {@code sources} into {@code classes}.
   *
   * @param classPath what is there at run time and nothing else: with Guava visible, Dagger writes
   *     other code
   */
  void compile(Path sources, Path classes, List<Path> classPath)
      throws BuildException, IOException, InterruptedException {
    List<String> arguments = arguments(sources, classes, classPath);
    Path file = sources.resolveSibling("javac.args");
    Files.write(file, arguments.stream().map(Javac::quoted).toList());
    List<String> line =
        List.of(
            home.resolve("bin/javac").toString(),
            // A short life on a small heap: what C2 and a parallel collector would give is never
            // earned.
            "-J-XX:TieredStopAtLevel=1",
            "-J-XX:+UseSerialGC",
            "-J-Xshare:auto",
            "@" + file);
    ChildProcess.Result result = ChildProcess.run(line, sources, Map.of(), LIMIT);
    if (result.exit() != 0) {
      throw new BuildException(
          "The generated component does not compile, though the selection fits together: a fault of"
              + " rr or of a plugin's module. The sources are in "
              + sources
              + "; javac said:\n"
              + result.output());
    }
  }

  private List<String> arguments(Path sources, Path classes, List<Path> classPath)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:full",
                "-processor",
                "dagger.internal.codegen.ComponentProcessor",
                "-processorpath",
                joined(processors),
                "-Adagger.formatGeneratedSource=disabled",
                "-classpath",
                joined(classPath),
                "--release",
                Integer.toString(JdkFinder.FEATURE),
                "-encoding",
                "UTF-8",
                "-implicit:none",
                "-nowarn",
                "-parameters",
                "-d",
                classes.toString()));
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(f -> f.toString().endsWith(".java"))
          .map(Path::toString)
          .sorted()
          .forEach(arguments::add);
    }
    return arguments;
  }

  private static String joined(List<Path> paths) {
    return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static String quoted(String argument) {
    return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

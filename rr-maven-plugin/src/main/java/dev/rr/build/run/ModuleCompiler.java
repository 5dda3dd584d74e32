package dev.rr.build.run;

import dev.rr.build.BuildException;
import dev.rr.build.Folders;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a module, each time into a folder of its own, as a server may still load classes from
 * the last one. Where only bodies of methods have changed, only their files are compiled, and no
 * processor runs. One thread.
 */
final class ModuleCompiler {
  /**
   * What a processor may look at: an annotation that is not one of the language's or of jspecify,
   * and types that may be part of a configuration, of which comments become descriptions. Sealed
   * types say in no member who extends them.
   */
  private static final Pattern LOOKED_AT =
      Pattern.compile(
          "@(?!(Override|SuppressWarnings|Deprecated|FunctionalInterface|SafeVarargs|Nullable"
              + "|NonNull)\\b)([A-Z]|interface\\b|[a-z]\\w*\\.\\w)"
              + "|\\b(record|enum|sealed|permits)\\s");

  private static final String JAVA = ".java";

  private final DevModule module;
  private final ResidentCompiler compiler;
  private final Path work;
  private @Nullable Path last;
  private Snapshot lastFiles = Snapshot.EMPTY;
  private int number;

  /**
   * Makes one.
   *
   * @param work a folder for folders of classes
   */
  ModuleCompiler(DevModule module, ResidentCompiler compiler, Path work) {
    this.module = module;
    this.compiler = compiler;
    this.work = work;
  }

  /**
   * The module's classes as its files are now.
   *
   * @return a folder that stays as it is
   * @throws BuildException with what javac said
   */
  Path compile(Snapshot now) throws BuildException, IOException, InterruptedException {
    Path before = last;
    if (before != null && now.equals(lastFiles)) {
      return before;
    }
    number++;
    Path classes = work.resolve("classes-" + number);
    Folders.delete(classes);
    Files.createDirectories(classes);
    if (before == null || !compileChanged(before, classes, now)) {
      Folders.delete(classes);
      Files.createDirectories(classes);
      compileAll(classes, now);
    }
    last = classes;
    lastFiles = now;
    return classes;
  }

  /** The classes of the last compilation that went well, if one did. */
  Optional<Path> last() {
    return Optional.ofNullable(last);
  }

  /**
   * Compiles what changed against what is there.
   *
   * @return false when all has to be compiled
   */
  private boolean compileChanged(Path before, Path classes, Snapshot now)
      throws IOException, InterruptedException {
    Set<Path> changed = now.changedSince(lastFiles);
    List<Path> sources = changed.stream().filter(f -> f.toString().endsWith(JAVA)).toList();
    if (!now.hasTheFilesOf(lastFiles) || isLookedAt(sources)) {
      return false;
    }
    Snapshot.copy(before, classes);
    copyResources(classes);
    if (sources.isEmpty()) {
      return true;
    }
    Map<Path, String> shapes = shapes(classes);
    List<Path> classPath = new ArrayList<>(List.of(classes));
    classPath.addAll(module.classPath());
    List<String> options = options(classes, classPath);
    options.add("-proc:none");
    ResidentCompiler.Result result =
        compiler.compile(new ResidentCompiler.Request(List.of(), List.of(), options, sources));
    // What is wrong is told by the compilation of everything.
    return result.good() && shapes(classes).equals(shapes);
  }

  private static boolean isLookedAt(List<Path> sources) throws IOException {
    for (Path source : sources) {
      if (LOOKED_AT.matcher(Files.readString(source)).find()) {
        return true;
      }
    }
    return false;
  }

  private static Map<Path, String> shapes(Path classes) throws IOException {
    Map<Path, String> shapes = new TreeMap<>();
    for (Path file : Snapshot.of(List.of(classes)).ending(".class")) {
      shapes.put(file, ClassShape.of(Files.readAllBytes(file)));
    }
    return shapes;
  }

  private void compileAll(Path classes, Snapshot now)
      throws BuildException, IOException, InterruptedException {
    copyResources(classes);
    List<Path> sources = now.ending(JAVA);
    if (sources.isEmpty()) {
      return;
    }
    Path generated = work.resolve("generated-" + number);
    Folders.delete(generated);
    Files.createDirectories(generated);
    List<String> options = options(classes, module.classPath());
    options.addAll(List.of("-proc:full", "-s", generated.toString()));
    ResidentCompiler.Result result =
        compiler.compile(
            new ResidentCompiler.Request(module.processors(), List.of(), options, sources));
    Folders.delete(generated);
    if (!result.good()) {
      Folders.delete(classes);
      throw new BuildException(result.text());
    }
  }

  private List<String> options(Path classes, List<Path> classPath) {
    List<String> options = new ArrayList<>(module.options());
    options.addAll(
        List.of(
            "-classpath",
            classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
            // Nowhere: what is not named is on the class path.
            "-sourcepath",
            "",
            "-implicit:none",
            "-nowarn",
            "-parameters",
            "-g",
            "-d",
            classes.toString()));
    return options;
  }

  private void copyResources(Path classes) throws IOException {
    for (Path resources : module.resources()) {
      Snapshot.copy(resources, classes);
    }
  }
}

package dev.rr.build.run;

import dev.rr.build.BuildException;
import dev.rr.build.Folders;
import dev.rr.build.Input;
import dev.rr.build.Versions;
import dev.rr.build.jdk.JdkFinder;
import dev.rr.build.select.Selection;
import dev.rr.processor.root.Root;
import dev.rr.processor.root.RootGenerator;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Generates and compiles the root component of a selection, when it is another than the last: when
 * its text is, or what the module's generated classes show to it. One thread.
 */
final class ComponentCompiler {
  private final Versions versions;
  private final String version;
  private final List<Path> processors;
  private final ResidentCompiler compiler;
  private final Path work;
  private Map<String, String> lastKey = Map.of();
  private @Nullable Path last;
  private int number;

  /**
   * Makes one.
   *
   * @param version what the server tells as its own
   * @param processors Dagger's compiler and what it needs
   */
  ComponentCompiler(
      Versions versions,
      String version,
      List<Path> processors,
      ResidentCompiler compiler,
      Path work) {
    this.versions = versions;
    this.version = version;
    this.processors = List.copyOf(processors);
    this.compiler = compiler;
    this.work = work;
  }

  /**
   * The component's classes.
   *
   * @param own the folder of the module's classes, if it has a part in the selection
   * @return a folder that stays as it is
   */
  Path compile(Selection selection, Optional<Path> own)
      throws BuildException, IOException, InterruptedException {
    Map<String, String> texts =
        RootGenerator.generate(
            new Root(selection.graph(), selection.catalogue(), version, versions.rr(), ""));
    Map<String, String> key = new TreeMap<>(texts);
    if (own.isPresent()) {
      key.putAll(seen(own.get()));
    }
    Path before = last;
    if (before != null && key.equals(lastKey)) {
      return before;
    }
    number++;
    Path classes = work.resolve("component-" + number);
    Path sources = work.resolve("component-" + number + "-sources");
    Folders.delete(classes);
    Folders.delete(sources);
    Files.createDirectories(classes);
    Files.createDirectories(sources);
    compile(write(texts, sources), sources, classes, selection);
    last = classes;
    lastKey = key;
    return classes;
  }

  /** What Dagger's code calls: modules and factories, and what says which of them there are. */
  private static Map<String, String> seen(Path own) throws IOException {
    Map<String, String> seen = new TreeMap<>();
    Snapshot files = Snapshot.of(List.of(own));
    for (Path file : files.ending(".class")) {
      String name = file.toString();
      if (name.endsWith("Module.class") || name.endsWith("Factory.class")) {
        seen.put(own.relativize(file).toString(), ClassShape.of(Files.readAllBytes(file)));
      }
    }
    for (Path file : files.ending(".json")) {
      if (file.startsWith(own.resolve("META-INF/rr/plugin"))) {
        seen.put(own.relativize(file).toString(), Files.readString(file));
      }
    }
    return seen;
  }

  private static List<Path> write(Map<String, String> texts, Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> text : texts.entrySet()) {
      Path file = folder.resolve(text.getKey());
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      files.add(Files.writeString(file, text.getValue()));
    }
    return files;
  }

  private void compile(List<Path> files, Path sources, Path classes, Selection selection)
      throws BuildException, IOException, InterruptedException {
    List<String> options =
        List.of(
            "-proc:full",
            "-Adagger.formatGeneratedSource=disabled",
            "-classpath",
            selection.inputs().stream()
                .map(Input::file)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)),
            "--release",
            Integer.toString(JdkFinder.FEATURE),
            "-implicit:none",
            "-nowarn",
            "-s",
            sources.toString(),
            "-d",
            classes.toString());
    ResidentCompiler.Result result =
        compiler.compile(
            new ResidentCompiler.Request(
                processors, List.of("dagger.internal.codegen.ComponentProcessor"), options, files));
    if (!result.good()) {
      throw new BuildException(
          "The generated component does not compile, though the selection fits together: a fault of"
              + " rr or of a plugin's module. The sources are in "
              + sources
              + "; javac said:\n"
              + result.text());
    }
  }
}

package dev.rr.processor;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles test inputs against the real contracts, with the processor and, if asked, Dagger. */
final class Javac {
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  /** Compiled once for all tests: rr-api cannot be a dependency, as it is built with us. */
  private static final Path API = api();

  private Javac() {}

  /**
   * What a compilation gave.
   *
   * @param diagnostics errors only, in javac's order
   * @param output everything written, by its path
   * @param classes where it was written
   */
  record Result(
      List<Diagnostic<? extends JavaFileObject>> diagnostics,
      Map<String, String> output,
      Path classes) {
    /** The files that the processor wrote. */
    Map<String, String> generated() {
      Map<String, String> text = new TreeMap<>(output);
      text.keySet().removeIf(path -> path.endsWith(".class"));
      return text;
    }

    String errors() {
      return String.join("\n", diagnostics.stream().map(Object::toString).toList());
    }
  }

  /** Compiles with our processor alone. */
  static Result compile(List<Path> sources) {
    return compile(sources, List.of(RrProcessor.class.getName()));
  }

  /** Compiles with our processor and Dagger's in the same round. */
  static Result compileWithDagger(List<Path> sources) {
    return compile(
        sources,
        List.of(RrProcessor.class.getName(), "dagger.internal.codegen.ComponentProcessor"));
  }

  private static Result compile(List<Path> sources, List<String> processors) {
    try {
      Path out = temporary();
      DiagnosticCollector<JavaFileObject> collector = new DiagnosticCollector<>();
      List<String> options =
          List.of(
              "--release",
              "25",
              "-proc:full",
              "-parameters",
              "-Xlint:all,-processing,-classfile",
              "-processor",
              String.join(",", processors),
              "-processorpath",
              CLASS_PATH,
              "-classpath",
              API + File.pathSeparator + CLASS_PATH,
              "-d",
              out.toString(),
              "-s",
              out.toString());
      run(sources, options, collector);
      List<Diagnostic<? extends JavaFileObject>> errors =
          collector.getDiagnostics().stream()
              .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
              .toList();
      return new Result(errors, files(out), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(
      List<Path> sources, List<String> options, DiagnosticCollector<JavaFileObject> collector)
      throws IOException {
    try (StandardJavaFileManager files =
        COMPILER.getStandardFileManager(collector, Locale.ROOT, StandardCharsets.UTF_8)) {
      COMPILER
          .getTask(
              null, files, collector, options, null, files.getJavaFileObjectsFromPaths(sources))
          .call();
    }
  }

  private static Path api() {
    try {
      Path out = temporary();
      DiagnosticCollector<JavaFileObject> collector = new DiagnosticCollector<>();
      List<String> options =
          List.of(
              "--release",
              "25",
              "-proc:none",
              "-parameters",
              "-classpath",
              CLASS_PATH,
              "-d",
              out.toString());
      run(sources(Path.of("../rr-plugins/lib/api/src/main/java")), options, collector);
      if (collector.getDiagnostics().stream().anyMatch(d -> d.getKind() == Diagnostic.Kind.ERROR)) {
        throw new IllegalStateException("rr-api: " + collector.getDiagnostics());
      }
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Java files below a folder, sorted. */
  static List<Path> sources(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      return found.filter(p -> p.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the compiled contracts are. */
  static Path contracts() {
    return API;
  }

  private static Map<String, String> files(Path folder) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (Stream<Path> found = Files.walk(folder)) {
      found.filter(Files::isRegularFile).forEach(paths::add);
    }
    Map<String, String> files = new TreeMap<>();
    for (Path path : paths) {
      String name = folder.relativize(path).toString().replace(File.separatorChar, '/');
      // Class files are compared byte by byte.
      files.put(
          name,
          Files.readString(
              path,
              name.endsWith(".class") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
    }
    return files;
  }

  private static Path temporary() throws IOException {
    Path folder = Files.createTempDirectory("rr-processor-test");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "rr-delete-" + folder));
    return folder;
  }

  private static void delete(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException ignored) {
      // A temporary folder that stays behind harms nobody.
    }
  }
}

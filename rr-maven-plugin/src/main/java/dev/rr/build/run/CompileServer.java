package dev.rr.build.run;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import javax.annotation.processing.Processor;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A JDK's compiler that stays, in a JVM of its own: the classes of javac and of the annotation
 * processors are loaded and compiled once, which is most of what a short compilation takes. For
 * each line on standard input, which names a file with a request, it compiles, writes what javac
 * said beside that file and answers with a line. Ends with its input. Needs nothing but the JDK.
 */
final class CompileServer {
  /** What a request's lines begin with. */
  static final String PROCESSORS = "processors=";

  static final String PROCESSOR = "processor=";
  static final String OPTION = "option=";
  static final String SOURCE = "source=";

  /** The answers. */
  static final String GOOD = "good";

  static final String BAD = "bad";

  private final Map<String, ClassLoader> loaders = new HashMap<>();

  private CompileServer() {}

  /** Runs until the input ends. */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    // Processors may print; answers must not be mixed with that.
    System.setOut(System.err);
    CompileServer server = new CompileServer();
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      answers.println(server.compile(Path.of(line)) ? GOOD : BAD);
      answers.flush();
    }
  }

  /** Where the answer to a request says what javac said. */
  static Path output(Path request) {
    return request.resolveSibling(request.getFileName() + ".out");
  }

  private boolean compile(Path request) throws IOException {
    List<String> lines = Files.readAllLines(request);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (Writer said = Files.newBufferedWriter(output(request));
        PrintWriter out = new PrintWriter(said)) {
      try (StandardJavaFileManager files =
          compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
        List<File> sources = values(lines, SOURCE).stream().map(File::new).toList();
        JavaCompiler.CompilationTask task =
            compiler.getTask(
                out,
                files,
                null,
                values(lines, OPTION),
                null,
                files.getJavaFileObjectsFromFiles(sources));
        List<Processor> processors = processors(lines);
        if (!processors.isEmpty()) {
          task.setProcessors(processors);
        }
        return task.call();
      } catch (RuntimeException | ReflectiveOperationException | LinkageError e) {
        e.printStackTrace(out);
        return false;
      }
    }
  }

  /** New ones for each compilation, as they keep state; their classes stay. */
  private List<Processor> processors(List<String> lines) throws ReflectiveOperationException {
    String path = String.join(File.pathSeparator, values(lines, PROCESSORS));
    List<Processor> all = new ArrayList<>();
    if (path.isEmpty()) {
      return all;
    }
    ClassLoader loader = loaders.computeIfAbsent(path, CompileServer::loader);
    List<String> names = values(lines, PROCESSOR);
    if (names.isEmpty()) {
      ServiceLoader.load(Processor.class, loader).forEach(all::add);
    }
    for (String name : names) {
      all.add(
          loader
              .loadClass(name)
              .asSubclass(Processor.class)
              .getDeclaredConstructor()
              .newInstance());
    }
    return all;
  }

  private static ClassLoader loader(String path) {
    List<URL> urls = new ArrayList<>();
    for (String file : path.split(File.pathSeparator, -1)) {
      try {
        urls.add(Path.of(file).toUri().toURL());
      } catch (MalformedURLException e) {
        throw new IllegalArgumentException(file, e);
      }
    }
    return new URLClassLoader(urls.toArray(new URL[0]), CompileServer.class.getClassLoader());
  }

  private static List<String> values(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()))
        .toList();
  }
}

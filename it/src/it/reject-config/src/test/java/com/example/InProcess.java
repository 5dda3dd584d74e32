package com.example;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A packed rr whose classes are loaded into this JVM, as its main class would run them. */
final class InProcess {
  /**
   * What a command left behind.
   *
   * @param text what it printed on both streams
   */
  record Result(int exit, String text, Duration took) {}

  private final Constructor<?> assembly;
  private final Method run;

  InProcess(Path file) {
    try {
      ClassLoader classes =
          new URLClassLoader(
              new URL[] {file.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
      assembly = classes.loadClass("dev.rr.assembly.RrAssembly").getDeclaredConstructor();
      assembly.setAccessible(true);
      run =
          classes
              .loadClass("dev.rr.cli.Cli")
              .getMethod("run", classes.loadClass("dev.rr.kernel.Assembly"), String[].class);
    } catch (ReflectiveOperationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs a command in a folder. */
  Result run(Path folder, String... command) throws ReflectiveOperationException {
    List<String> arguments = new ArrayList<>(List.of("-w", folder.toString()));
    arguments.addAll(List.of("-c", folder.resolve(".rr.yaml").toString()));
    arguments.addAll(List.of(command));
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (PrintStream both = new PrintStream(text, true, StandardCharsets.UTF_8)) {
      System.setOut(both);
      System.setErr(both);
      long began = System.nanoTime();
      int exit = (int) run.invoke(null, assembly.newInstance(), arguments.toArray(String[]::new));
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      return new Result(exit, text.toString(StandardCharsets.UTF_8), took);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}

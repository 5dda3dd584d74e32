package dev.rr.testing.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Ends and deletes what must not outlive this JVM. Any thread. */
final class ExitCleanup {
  private static final Set<Process> PROGRAMS = ConcurrentHashMap.newKeySet();
  private static final Set<Path> FOLDERS = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ExitCleanup::run, "test-exit"));
  }

  private ExitCleanup() {}

  static void add(Process program) {
    PROGRAMS.removeIf(each -> !each.isAlive());
    PROGRAMS.add(program);
  }

  static void add(Path folder) {
    FOLDERS.add(folder);
  }

  /** Programs go first, as they write to the folders. */
  private static void run() {
    PROGRAMS.forEach(Process::destroyForcibly);
    PROGRAMS.forEach(ExitCleanup::awaitEnd);
    FOLDERS.forEach(ExitCleanup::delete);
  }

  private static void awaitEnd(Process program) {
    try {
      var _ = program.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      // Another folder may still be deleted.
      System.err.println(folder + " is left behind: " + e.getMessage());
    }
  }
}

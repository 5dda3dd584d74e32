package dev.rr.testing.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What must not outlive this JVM: programs first, then the folders that they write to. */
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

  private static void run() {
    PROGRAMS.forEach(Process::destroyForcibly);
    PROGRAMS.forEach(program -> program.onExit().join());
    FOLDERS.forEach(ExitCleanup::delete);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

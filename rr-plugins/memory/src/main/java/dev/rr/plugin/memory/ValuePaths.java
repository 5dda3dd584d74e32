package dev.rr.plugin.memory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where the files of a storage are, and the lock on them.
 *
 * @param snapshot the one that the configuration names
 */
record ValuePaths(Path snapshot) {
  private static final String LOG = ".log.";

  private Path beside(String suffix) {
    return snapshot.resolveSibling(snapshot.getFileName() + suffix);
  }

  Path folder() {
    Path folder = snapshot.toAbsolutePath().getParent();
    return folder == null ? snapshot : folder;
  }

  /** A snapshot that is being written. */
  Path unfinished() {
    return beside(".new");
  }

  /**
   * Keeps others away until it is closed.
   *
   * @throws IOException when somebody has the files already
   */
  FileChannel lock() throws IOException {
    FileChannel lock =
        FileChannel.open(beside(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock.tryLock() != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // Another storage of this process has it.
    }
    lock.close();
    throw new IOException(snapshot + " is in use by another server or another storage");
  }

  Path log(int number) {
    return beside(LOG + number);
  }

  /** How many bytes all files have. */
  long bytes() throws IOException {
    long sum = Files.exists(snapshot) ? Files.size(snapshot) : 0;
    for (Path each : logs().values()) {
      sum += Files.size(each);
    }
    return sum;
  }

  /** The logs that are there, by their numbers. */
  TreeMap<Integer, Path> logs() throws IOException {
    String prefix = snapshot.getFileName() + LOG;
    TreeMap<Integer, Path> found = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder())) {
      for (Path each : (Iterable<Path>) all::iterator) {
        String name = each.getFileName().toString();
        if (name.startsWith(prefix) && name.substring(prefix.length()).matches("\\d{1,9}")) {
          found.put(Integer.parseInt(name.substring(prefix.length())), each);
        }
      }
    }
    return found;
  }
}

package dev.rr.build.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which files there are, and when each was written. Looking is slower than being told by the
 * system, but works the same everywhere: in containers, over networks, and for editors that write a
 * new file in the place of the old. Immutable.
 */
record Snapshot(Map<Path, Stamp> files) {
  /** When a file was written, and how long it is. */
  record Stamp(FileTime modified, long size) {}

  /** Nothing. */
  static final Snapshot EMPTY = new Snapshot(Map.of());

  /** Of all files in these folders, and of these files; those that are not there are left out. */
  static Snapshot of(Collection<Path> roots) throws IOException {
    Map<Path, Stamp> found = new TreeMap<>();
    for (Path root : roots) {
      if (Files.exists(root)) {
        Files.walkFileTree(root, new Visitor(found));
      }
    }
    return new Snapshot(found);
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Map<Path, Stamp> found;

    Visitor(Map<Path, Stamp> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = String.valueOf(file.getFileName());
      // What editors keep beside a file while it is written.
      if (attributes.isRegularFile() && !name.endsWith("~") && !name.startsWith(".#")) {
        found.put(file, new Stamp(attributes.lastModifiedTime(), attributes.size()));
      }
      return FileVisitResult.CONTINUE;
    }

    /** It may be gone since its folder was read. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }

  /** Files that are here and were not there, or not the same. */
  Set<Path> changedSince(Snapshot earlier) {
    Set<Path> changed = new TreeSet<>();
    files.forEach((file, stamp) -> {
      if (!stamp.equals(earlier.files.get(file))) {
        changed.add(file);
      }
    });
    return changed;
  }

  /** Whether the same files were there before, whatever is in them. */
  boolean hasTheFilesOf(Snapshot earlier) {
    return files.keySet().equals(earlier.files.keySet());
  }

  /** The files whose name ends so, sorted. */
  List<Path> ending(String end) {
    return files.keySet().stream().filter(f -> f.toString().endsWith(end)).toList();
  }

  /** Copies a folder's files into another, over what is there. */
  static void copy(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try {
      of(List.of(from)).files.keySet().forEach(file -> copy(from, to, file));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void copy(Path from, Path to, Path file) {
    try {
      Path target = to.resolve(from.relativize(file).toString());
      Path folder = target.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.copy(
          file, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

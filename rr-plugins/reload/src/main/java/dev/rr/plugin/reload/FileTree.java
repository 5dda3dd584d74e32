package dev.rr.plugin.reload;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files that count for one plugin. Of each folder no more is kept than one number, in which
 * names, times, sizes and permissions of its files meet. One thread.
 */
final class FileTree {
  private final Rules rules;
  private @Nullable Map<Path, Long> last;

  /** The file keys of the outermost folders when files were last looked at. */
  private Map<Path, Object> places = Map.of();

  /**
   * Which files count.
   *
   * @param folders where they are, absolute
   * @param recursive whether folders inside of these count; links to folders never do
   * @param patterns what their names contain
   * @param ignored files and folders that do not count, absolute
   */
  record Rules(List<Path> folders, boolean recursive, List<String> patterns, List<Path> ignored) {
    Rules {
      folders = List.copyOf(folders);
      patterns = List.copyOf(patterns);
      ignored = List.copyOf(ignored);
    }

    /** Whether a file of this name counts; what editors write while one types does not. */
    boolean counts(String name) {
      return patterns.stream().anyMatch(name::contains)
          && !name.endsWith("~")
          && !name.endsWith(".swp")
          && !name.endsWith(".swx")
          && !name.endsWith(".tmp")
          && !name.startsWith(".#");
    }
  }

  /** Is told of each folder before its files are looked at. */
  @FunctionalInterface
  interface Visitor {
    /** A folder; {@code key} tells it from another that takes its place later. */
    void visit(Path folder, @Nullable Object key);
  }

  FileTree(Rules rules) {
    this.rules = rules;
  }

  Rules rules() {
    return rules;
  }

  /**
   * Looks at all files.
   *
   * @return a folder in which something has changed since the last time
   */
  Optional<Path> look(Visitor visitor) {
    places = outermost();
    Map<Path, Long> now = new HashMap<>();
    Deque<Path> left = new ArrayDeque<>(rules.folders());
    while (!left.isEmpty()) {
      Path folder = left.remove();
      try {
        visitor.visit(folder, Files.readAttributes(folder, BasicFileAttributes.class).fileKey());
        list(folder, left, now);
      } catch (IOException | DirectoryIteratorException gone) {
        // It went while it was looked at, or it may not be read: it has no files for us.
      }
    }
    Map<Path, Long> before = last;
    last = now;
    return before == null ? Optional.empty() : difference(before, now);
  }

  /**
   * Whether one of the outermost folders is another than it was, as a link that was turned to a new
   * release is. Whoever watches a folder is not told that.
   */
  boolean isElsewhere() {
    return !places.equals(outermost());
  }

  private Map<Path, Object> outermost() {
    Map<Path, Object> keys = new HashMap<>();
    for (Path folder : rules.folders()) {
      try {
        Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
        keys.put(folder, key == null ? folder : key);
      } catch (IOException gone) {
        // It is missed where another look finds it.
      }
    }
    return keys;
  }

  private static Optional<Path> difference(Map<Path, Long> before, Map<Path, Long> now) {
    Optional<Path> changed =
        now.keySet().stream()
            .filter(folder -> !Objects.equals(now.get(folder), before.get(folder)))
            .findFirst();
    return changed.or(
        () -> before.keySet().stream().filter(folder -> !now.containsKey(folder)).findFirst());
  }

  private void list(Path folder, Deque<Path> left, Map<Path, Long> now) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (rules.ignored().contains(entry)) {
          continue;
        }
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          if (rules.recursive()) {
            left.add(entry);
          }
        } else if (rules.counts(entry.getFileName().toString())) {
          now.merge(folder, fingerprint(entry), Long::sum);
        }
      }
    }
  }

  private static long fingerprint(Path file) {
    try {
      PosixFileAttributes is = Files.readAttributes(file, PosixFileAttributes.class);
      return is.isDirectory()
          ? 0
          : mixed(
              Objects.hash(file.getFileName(), is.fileKey(), is.permissions()),
              is.lastModifiedTime().toInstant().hashCode(),
              is.size());
    } catch (IOException | UnsupportedOperationException unreadable) {
      return mixed(file.hashCode(), 0, 0);
    }
  }

  /** Sums of such numbers differ as soon as one of them does, as good as always. */
  private static long mixed(long... parts) {
    long hash = 0x9e3779b97f4a7c15L;
    for (long part : parts) {
      hash = (hash ^ part) * 0xff51afd7ed558ccdL;
      hash ^= hash >>> 32;
    }
    return hash;
  }
}

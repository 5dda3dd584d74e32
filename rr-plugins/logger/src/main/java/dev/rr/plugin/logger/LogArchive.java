package dev.rr.plugin.logger;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and removes what a {@link RotatingTarget} left behind. At most one thread at a time.
 */
final class LogArchive {
  private final Path path;
  private final Duration maxAge;
  private final int maxBackups;
  private final boolean compress;
  private final Clock clock;
  private final Consumer<String> complaints;
  private final AtomicInteger wanted = new AtomicInteger();
  private volatile @Nullable Thread worker;

  LogArchive(
      Path path,
      Duration maxAge,
      int maxBackups,
      boolean compress,
      Clock clock,
      Consumer<String> complaints) {
    this.path = path;
    this.maxAge = maxAge;
    this.maxBackups = maxBackups;
    this.compress = compress;
    this.clock = clock;
    this.complaints = complaints;
  }

  static Path compressed(Path file) {
    return file.resolveSibling(file.getFileName() + ".gz");
  }

  /**
   * Starts looking after old files; when that is under way already it looks once more at its end.
   */
  void tidy() {
    if (wanted.getAndIncrement() == 0) {
      worker = Thread.ofPlatform().name("rr-log-archive").daemon().start(this::run);
    }
  }

  private void run() {
    int seen;
    do {
      seen = wanted.get();
      try {
        pass();
      } catch (IOException | RuntimeException e) {
        complaints.accept(
            "old files of " + path + " are not looked after: " + LogValues.message(e));
      }
    } while (!wanted.compareAndSet(seen, 0));
  }

  /** Waits for what is under way. */
  void await(Duration limit) throws InterruptedException {
    Thread busy = worker;
    if (busy != null) {
      busy.join(limit);
    }
  }

  private void pass() throws IOException {
    Instant oldest = clock.instant().minus(maxAge);
    List<Old> files = old();
    for (int i = 0; i < files.size(); i++) {
      Old file = files.get(i);
      if (i >= maxBackups || file.time.isBefore(oldest)) {
        Files.deleteIfExists(file.path);
      } else if (compress && !file.path.toString().endsWith(".gz")) {
        gzip(file.path);
      }
    }
  }

  private record Old(Path path, Instant time) {}

  /** Files that were rotated away, newest first. */
  private List<Old> old() throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null) {
      return List.of();
    }
    String name = String.valueOf(path.getFileName());
    int dot = name.lastIndexOf('.');
    String prefix = (dot < 0 ? name : name.substring(0, dot)) + "-";
    String suffix = dot < 0 ? "" : name.substring(dot);
    List<Old> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Instant time = stamp(String.valueOf(file.getFileName()), prefix, suffix);
        if (time != null) {
          found.add(new Old(file, time));
        }
      }
    }
    found.sort(Comparator.comparing(Old::time).reversed());
    return found;
  }

  private static @Nullable Instant stamp(String name, String prefix, String suffix) {
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    if (!plain.startsWith(prefix)
        || !plain.endsWith(suffix)
        || plain.length() <= prefix.length() + suffix.length()) {
      return null;
    }
    try {
      String stamp = plain.substring(prefix.length(), plain.length() - suffix.length());
      return RotatingTarget.STAMP.parse(stamp, Instant::from);
    } catch (DateTimeParseException e) {
      return null; // Somebody else's file.
    }
  }

  private static void gzip(Path file) throws IOException {
    Path whole = compressed(file);
    Path part = file.resolveSibling(file.getFileName() + ".gz.part");
    // One that a kill left behind may be as readable as it likes.
    Files.deleteIfExists(part);
    try (OutputStream out =
        new GZIPOutputStream(FileTarget.append(part, FileTarget.PRIVATE), 64 << 10)) {
      Files.copy(file, out);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
    Files.delete(file);
  }
}

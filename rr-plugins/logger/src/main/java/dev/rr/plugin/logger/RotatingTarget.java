package dev.rr.plugin.logger;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A file that is renamed to {@code name-2026-01-02T15-04-05.000.log} and begun anew before it would
 * outgrow its size. Old files are looked after by {@link LogArchive} on a thread of its own.
 */
final class RotatingTarget implements Target {
  static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);

  private final Path path;
  private final long limit;
  private final Clock clock;
  private final LogArchive archive;
  private @Nullable OutputStream stream;
  private long size;

  /**
   * A file.
   *
   * @param limit in bytes
   */
  RotatingTarget(Path path, long limit, Clock clock, LogArchive archive) {
    this.path = path;
    this.limit = limit;
    this.clock = clock;
    this.archive = archive;
  }

  @Override
  public void open() throws IOException {
    Path folder = path.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    stream = FileTarget.append(path, FileTarget.PRIVATE);
    size = Files.size(path);
    archive.tidy();
  }

  @Override
  public void write(byte[] bytes, int length) throws IOException {
    int from = 0;
    while (from < length) {
      int to = from + fitting(bytes, from, length);
      if (to == from) {
        rotate();
        to = from + Math.max(fitting(bytes, from, length), line(bytes, from, length));
      }
      out().write(bytes, from, to - from);
      size += to - from;
      from = to;
    }
  }

  /** How many bytes of whole lines still fit. */
  private int fitting(byte[] bytes, int from, int length) {
    if (size + length - from <= limit) {
      return length - from;
    }
    int fit = 0;
    for (int line = line(bytes, from, length);
        line > 0 && size + fit + line <= limit;
        line = line(bytes, from + fit, length)) {
      fit += line;
    }
    return fit;
  }

  private static int line(byte[] bytes, int from, int length) {
    for (int i = from; i < length; i++) {
      if (bytes[i] == '\n') {
        return i + 1 - from;
      }
    }
    return length - from;
  }

  private OutputStream out() throws IOException {
    OutputStream open = stream;
    if (open == null) {
      // A rotation failed half-way, on a full disk perhaps: go on where we can.
      open = FileTarget.append(path, FileTarget.PRIVATE);
      stream = open;
      size = Files.size(path);
    }
    return open;
  }

  private void rotate() throws IOException {
    if (size == 0) {
      return;
    }
    close();
    size = 0;
    Files.move(path, free());
    out();
    archive.tidy();
  }

  private Path free() {
    String name = String.valueOf(path.getFileName());
    int dot = name.lastIndexOf('.');
    String stem = dot < 0 ? name : name.substring(0, dot);
    String extension = dot < 0 ? "" : name.substring(dot);
    java.time.Instant time = clock.instant();
    Path candidate;
    do {
      candidate = path.resolveSibling(stem + "-" + STAMP.format(time) + extension);
      time = time.plusMillis(1);
    } while (Files.exists(candidate) || Files.exists(LogArchive.compressed(candidate)));
    return candidate;
  }

  @Override
  public void close() throws IOException {
    OutputStream open = stream;
    stream = null;
    if (open != null) {
      open.close();
    }
  }
}

package dev.rr.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;

/**
 * Looks every two seconds whether files have changed: it sees what a symbolic link points to, as
 * mounted secrets need, and works where the kernel tells nothing. Owns one daemon thread.
 */
public final class FileWatch implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final List<Path> files;
  private final Runnable changed;
  private final Thread thread;

  /**
   * Starts looking.
   *
   * @param thread the thread's name
   * @param changed called on that thread after one or more of the files have changed; throws
   *     nothing
   */
  public FileWatch(String thread, List<Path> files, Runnable changed) {
    this.files = List.copyOf(files);
    this.changed = changed;
    List<String> seen = look();
    this.thread = Thread.ofPlatform().name(thread).daemon().start(() -> watch(seen));
  }

  private void watch(List<String> first) {
    List<String> seen = first;
    while (true) {
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException e) {
        return;
      }
      List<String> now = look();
      if (!now.equals(seen)) {
        seen = now;
        changed.run();
      }
    }
  }

  /** Of each file what differs when it was written or replaced. */
  private List<String> look() {
    return files.stream().map(FileWatch::state).toList();
  }

  private static String state(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
    } catch (IOException e) {
      return "";
    }
  }

  /** Stops looking; a call under way is not waited for. */
  @Override
  public void close() {
    thread.interrupt();
  }
}

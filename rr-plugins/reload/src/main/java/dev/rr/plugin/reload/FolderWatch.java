package dev.rr.plugin.reload;

import dev.rr.api.log.Log;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells when it is worth looking at files: when the system says so, or every so often where it does
 * not, or cannot any more. Used by one thread; closed by any.
 */
final class FolderWatch implements AutoCloseable {
  /** Folders that are watched at most; each costs the kernel about a kilobyte. */
  static final int MOST = 16_384;

  private static final Path KERNEL_LIMIT = Path.of("/proc/sys/fs/inotify/max_user_watches");

  private final Duration interval;
  private final int most;
  private final Predicate<String> counts;
  private final Log log;
  private final Map<Path, Watched> watched = new HashMap<>();
  private final Set<Path> seen = new HashSet<>();
  private volatile @Nullable WatchService service;

  /** A folder, told from another at the same place by its file key. */
  private record Watched(WatchKey key, @Nullable Object fileKey) {}

  /**
   * A watch over no folder yet.
   *
   * @param interval how often files are looked at where they are not watched
   * @param polling whether that is wanted
   * @param most how many folders are watched at most
   * @param counts whether a file of that name counts
   */
  FolderWatch(Duration interval, boolean polling, int most, Predicate<String> counts, Log log) {
    this.interval = interval;
    this.most = most;
    this.counts = counts;
    this.log = log;
    this.service = polling ? null : open();
  }

  private @Nullable WatchService open() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      log.warn("folders cannot be watched, their files are polled", "error", e.getMessage());
      return null;
    }
  }

  /** Whether files are looked at every so often. */
  boolean isPolling() {
    return service == null;
  }

  /** Watches a folder, if it does not yet. */
  void add(Path folder, @Nullable Object fileKey) {
    WatchService open = service;
    if (open == null) {
      return;
    }
    seen.add(folder);
    Watched known = watched.get(folder);
    if (known != null && known.key().isValid() && Objects.equals(known.fileKey(), fileKey)) {
      return;
    }
    try {
      if (known == null && watched.size() >= most) {
        throw new IOException("there are more than " + most + " folders");
      }
      WatchKey key =
          folder.register(
              open,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
      if (known != null && !known.key().equals(key)) {
        // The folder that was here before is somewhere else, and none of ours any more.
        known.key().cancel();
      }
      watched.put(folder, new Watched(key, fileKey));
    } catch (FileSystemException gone) {
      // It went meanwhile, or it may not be read.
    } catch (IOException full) {
      poll(full.getMessage());
    }
  }

  private void poll(@Nullable String why) {
    log.warn(
        "not all folders can be watched, their files are polled; ignore some, or raise"
            + " fs.inotify.max_user_watches where the kernel refuses",
        "why",
        why,
        "fs.inotify.max_user_watches",
        kernelLimit(),
        "interval",
        interval.toMillis() + "ms");
    close();
  }

  private static String kernelLimit() {
    try {
      return Files.readString(KERNEL_LIMIT).strip();
    } catch (IOException notLinux) {
      return "unknown";
    }
  }

  /** Gives up the folders that {@link #add} was not called for since the last time. */
  void forgetOthers() {
    watched
        .entrySet()
        .removeIf(entry -> {
          boolean gone = !seen.contains(entry.getKey());
          if (gone) {
            entry.getValue().key().cancel();
          }
          return gone;
        });
    seen.clear();
  }

  /**
   * Waits until files have to be looked at, an interval at most.
   *
   * @return whether they have; false when only the time is over
   */
  boolean await(Duration longest) throws InterruptedException {
    WatchService open = service;
    Duration time = longest.compareTo(interval) < 0 ? longest : interval;
    if (open == null) {
      Thread.sleep(time);
      return true;
    }
    WatchKey first = open.poll(time.toNanos(), TimeUnit.NANOSECONDS);
    if (first == null || !matters(first)) {
      return false;
    }
    // What belongs together comes together: one look is enough for it.
    Thread.sleep(interval.dividedBy(10));
    for (WatchKey next = open.poll(); next != null; next = open.poll()) {
      boolean ignored = matters(next);
    }
    return true;
  }

  /** Takes what has happened to a folder; whether any of it could be a change. */
  private boolean matters(WatchKey key) {
    boolean matters = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      matters |= matters((Path) key.watchable(), event);
    }
    // A folder that is gone leaves the kernel's list by itself; its files are gone, too.
    return !key.reset() || matters;
  }

  private boolean matters(Path folder, WatchEvent<?> event) {
    // Without a name so much has happened that the system has lost count.
    return !(event.context() instanceof Path name)
        || counts.test(name.toString())
        || watched.containsKey(folder.resolve(name))
        || Files.isDirectory(folder.resolve(name));
  }

  @Override
  public void close() {
    WatchService open = service;
    service = null;
    watched.clear();
    seen.clear();
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        log.debug("the watch over folders could not be closed", "error", e.getMessage());
      }
    }
  }
}

package dev.rr.plugin.reload;

import dev.rr.api.log.Log;
import dev.rr.api.worker.Resetter;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the files of all plugins when it is time, and resets those whose files have changed and
 * are quiet. Its thread's own.
 */
final class Reloader implements Runnable {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final List<Service> services;
  private final FolderWatch watch;
  private final Log log;

  /** A plugin, its files and what has happened to them. */
  record Service(String name, FileTree files, Resetter resetter, Debounce changes) {}

  Reloader(List<Service> services, FolderWatch watch, Log log) {
    this.services = List.copyOf(services);
    this.watch = watch;
    this.log = log;
  }

  /** Remembers how files are, and begins to watch them. */
  void begin() {
    look();
  }

  @Override
  public void run() {
    try {
      while (true) {
        if (watch.await(untilDue()) || services.stream().anyMatch(s -> s.files().isElsewhere())) {
          look();
        }
        for (Service service : services) {
          if (service.changes().take(System.nanoTime())) {
            reset(service);
          }
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException stopped) {
      log.debug("files are not watched any more");
    }
  }

  private Duration untilDue() {
    long now = System.nanoTime();
    long left =
        services.stream()
            .map(Service::changes)
            .filter(Debounce::isPending)
            .mapToLong(changes -> Math.max(0, changes.left(now)))
            .min()
            .orElse(Long.MAX_VALUE);
    return Duration.ofNanos(Math.min(left, LONGEST_WAIT.toNanos()));
  }

  private void look() {
    for (Service service : services) {
      Optional<Path> changed = service.files().look(watch::add);
      if (changed.isPresent()) {
        log.debug("files have changed", "plugin", service.name(), "folder", changed.get());
        service.changes().changed(System.nanoTime());
      }
    }
    watch.forgetOthers();
  }

  /** A reset that fails is the application's fault, which the next change may mend. */
  private void reset(Service service) throws InterruptedException {
    long begun = System.nanoTime();
    try {
      service.resetter().reset();
      log.info(
          "files have changed, workers were replaced",
          "plugin",
          service.name(),
          "elapsed_ms",
          Duration.ofNanos(System.nanoTime() - begun).toMillis());
    } catch (RuntimeException e) {
      log.error(
          "files have changed, but the workers could not be replaced; what served before serves on",
          "plugin",
          service.name(),
          "error",
          e.getMessage());
    }
  }
}

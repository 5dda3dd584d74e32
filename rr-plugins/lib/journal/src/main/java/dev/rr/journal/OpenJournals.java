package dev.rr.journal;

import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The files that this process has open, and for whom. The system's locks are a process's. */
final class OpenJournals {
  private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(20);
  private static final long OPEN_RETRY_MILLIS = 50;
  private static final Map<Path, String> OWNERS = new ConcurrentHashMap<>();

  private OpenJournals() {}

  /**
   * Takes a file for an owner.
   *
   * @return its real path, to be {@linkplain #release released}
   * @throws IOException when it has another owner, or could not be made
   */
  static Path claim(Path file, String owner) throws IOException {
    Path real = Files.exists(file) ? file.toRealPath() : folderOf(file).resolve(file.getFileName());
    String other = OWNERS.putIfAbsent(real, owner);
    if (other != null) {
      throw new IOException(
          file + " is the file of " + other + ", and cannot be that of " + owner + " too");
    }
    return real;
  }

  private static Path folderOf(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException("the folder of " + file + " does not exist");
    }
    return folder.toRealPath();
  }

  static void release(Path real) {
    OWNERS.remove(real);
  }

  static boolean has(Path file) throws IOException {
    return Files.exists(file) && OWNERS.containsKey(file.toRealPath());
  }

  /** Opens a file that was claimed, once no other process has it any more. */
  static JournalFile open(Path real, Journal.Options options, Disk disk)
      throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(OPEN_TIMEOUT);
    while (true) {
      JournalFile file = JournalFile.open(real, options.permissions(), disk);
      if (file != null) {
        return file;
      }
      if (deadline.passed()) {
        throw new IOException(
            real + " is open in another process, which did not let go of it within 20 seconds");
      }
      Thread.sleep(OPEN_RETRY_MILLIS);
    }
  }
}

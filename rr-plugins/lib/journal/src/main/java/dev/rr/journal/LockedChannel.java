package dev.rr.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens files for this process alone. */
final class LockedChannel {
  private LockedChannel() {}

  /**
   * Opens a file, and makes it where it is missing.
   *
   * @param permissions of a file that is made, less what the umask takes away
   * @return null when another process has it open
   */
  static @Nullable FileChannel open(Path path, Set<PosixFilePermission> permissions)
      throws IOException {
    while (true) {
      Object before = identity(path);
      FileChannel channel =
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(permissions));
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          return null;
        }
        // Whoever had it may have put another file in its place before he let go of this one.
        if (before != null && Objects.equals(before, identity(path))) {
          return channel;
        }
        channel.close();
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    }
  }

  private static @Nullable Object identity(Path path) throws IOException {
    try {
      BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
      return is.fileKey() == null ? path : is.fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}

package dev.rr.embed;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The folder of an application that this process uses until this is closed. Other starts leave it
 * where it is: they see the lock, which is shared, and which the system takes back however a
 * process ends. One in a process, as a second one that is closed would end the first one's lock.
 * One thread.
 */
public final class UnpackedApplication implements AutoCloseable {
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  /**
   * Locked. Nothing else opens it, not even to look at it: a process loses its locks of a file when
   * it closes that for the first time.
   */
  static final String LOCK = "lock";

  /** Its time is that of the last use. */
  static final String USED = "used";

  /** A link to the packed file that started it last. */
  static final String FILE = "file";

  private final Path place;
  private final @Nullable FileChannel lock;

  private UnpackedApplication(Path place, @Nullable FileChannel lock) {
    this.place = place;
    this.lock = lock;
  }

  /** Where the application is, without links on the way to it. */
  public Path folder() {
    return place.resolve(EmbeddedApplication.FOLDER);
  }

  /** The folder that has that one, and what is known of it. */
  Path place() {
    return place;
  }

  /**
   * Locks a place, where that is possible: what this user may not write to has its owner's file, or
   * none, without which nobody removes it; and where the file system has no locks, nobody gets the
   * one that removing takes.
   *
   * @return empty when another start removes the place
   */
  static Optional<UnpackedApplication> lock(Path place) {
    touch(place.resolve(USED));
    Path file = place.resolve(LOCK);
    create(file);
    if (Files.isDirectory(place) && Files.notExists(file) && !Files.isWritable(place)) {
      return Optional.of(new UnpackedApplication(place, null));
    }
    try {
      return tryLock(file, true).map(channel -> new UnpackedApplication(place, channel));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | OverlappingFileLockException e) {
      // There are no locks, this user may not read the file, or this process has the lock.
      return Optional.of(new UnpackedApplication(place, null));
    }
  }

  /**
   * Locks a file unless another process has a lock that does not go with it.
   *
   * @return empty when it has, or removed the file, of whose name there may be another by now
   */
  static Optional<FileChannel> tryLock(Path file, boolean shared) throws IOException {
    Object before = identity(file);
    FileChannel channel =
        FileChannel.open(file, shared ? StandardOpenOption.READ : StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock(0, Long.MAX_VALUE, shared) != null && before.equals(identity(file));
      return locked ? Optional.of(channel) : Optional.empty();
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  /** By which one tells a file from another one of the same name. */
  private static Object identity(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /**
   * Notes that it is still used; what is killed cannot note when that ended. Does nothing where
   * this user may not write.
   */
  public void touch() {
    touch(place.resolve(USED));
  }

  private static void touch(Path file) {
    create(file);
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // Not this user's.
    }
  }

  private static void create(Path file) {
    try {
      if (Files.notExists(file)) {
        Files.createFile(file);
        // Whatever the umask: who may use the application may lock it.
        Files.setPosixFilePermissions(file, READABLE);
      }
    } catch (IOException e) {
      // Not this user's, or another start has just made it.
    }
  }

  /** Notes which packed file uses it. */
  void usedBy(Path packed) {
    Path link = place.resolve(FILE);
    Path fresh = place.resolve(".rr-" + UUID.randomUUID());
    try {
      if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).equals(packed)) {
        Files.createSymbolicLink(fresh, packed);
        Files.move(
            fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      // Not this user's.
    }
  }

  /** Notes the end of its use, and unlocks it. */
  @Override
  public void close() throws IOException {
    touch();
    if (lock != null) {
      lock.close();
    }
  }
}

package dev.rr.embed;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Removes the places that earlier versions of an application were unpacked to. One is removed when
 * all of this holds:
 *
 * <ul>
 *   <li>it looks as rr makes them, and nobody but this user may change it;
 *   <li>the packed file that used it last is this one, which has another version by now, or is
 *       gone;
 *   <li>its last use is longer ago than a step back to it may be wanted;
 *   <li>no process holds its lock.
 * </ul>
 *
 * One thread.
 */
final class EarlierVersions {
  private static final Duration KEPT = Duration.ofDays(7);

  private final Path own;
  private final Path base;
  private final Path packed;

  /**
   * Makes one.
   *
   * @param own the place of the version that this process uses
   * @param packed the file that has it
   */
  EarlierVersions(Path own, Path packed) {
    this.own = own;
    this.base = Objects.requireNonNull(own.getParent());
    this.packed = packed;
  }

  /** Removes all that may be; one that cannot be removed stays, for the next start to try. */
  void remove() {
    try (DirectoryStream<Path> places =
        Files.newDirectoryStream(base, EmbeddedApplication::isPlace)) {
      for (Path place : places) {
        if (!place.equals(own)) {
          removeUnused(place);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Another user's, or another start removes it: neither is in the way.
    }
  }

  private void removeUnused(Path place) {
    Path lock = place.resolve(UnpackedApplication.LOCK);
    Path removed = base.resolve(EmbeddedApplication.TEMPORARY + UUID.randomUUID());
    try {
      if (!isEarlier(place) || isRecent(place)) {
        return;
      }
      EmbeddedApplication.requireOwn(place, place.resolve(EmbeddedApplication.FOLDER));
      Optional<FileChannel> locked = UnpackedApplication.tryLock(lock, false);
      if (locked.isPresent()) {
        try (FileChannel unused = locked.get()) {
          // Looked at again: who has just used it may be done by now.
          if (isRecent(place)) {
            return;
          }
          // In one step, so that who comes to use it finds all of it or nothing.
          Files.move(place, removed, StandardCopyOption.ATOMIC_MOVE);
        }
        Unpacker.delete(removed);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // As above.
    }
  }

  private boolean isEarlier(Path place) throws IOException {
    Path link = place.resolve(UnpackedApplication.FILE);
    return Files.isSymbolicLink(link)
        && (Files.readSymbolicLink(link).equals(packed) || Files.notExists(link));
  }

  private static boolean isRecent(Path place) throws IOException {
    Path file = place.resolve(UnpackedApplication.USED);
    Instant used = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    return used.isAfter(Instant.now().minus(KEPT));
  }
}

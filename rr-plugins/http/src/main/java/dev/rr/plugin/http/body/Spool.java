package dev.rr.plugin.http.body;

import dev.rr.api.log.Log;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files in one folder that live as long as a request. A process that is killed leaves them behind,
 * so each name carries the random id of its owner, and beside the files lies the owner's lock file,
 * which is empty and held locked: the kernel gives the lock back however a process ends, and it
 * holds for other containers that share the folder, where a process id would mean nothing. Any
 * thread; may block: never on a loop.
 */
public final class Spool implements AutoCloseable {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Pattern LOCK_FILE = Pattern.compile("\\.rr-([0-9a-f]{16})\\.owner");

  private static final int LOCK_TRIES = 3;

  /**
   * The owners in this process. Their lock files are never opened again: closing any channel of a
   * file gives back every lock that the process has on it.
   */
  private static final Set<String> HERE = ConcurrentHashMap.newKeySet();

  /** A lock file that was made and locked. */
  private record LockFile(String id, Path file, FileChannel lock) {}

  private final Path dir;
  private final Log log;
  private @Nullable LockFile lockFile;
  private boolean closed;

  /** Files in {@code dir}, which need not exist before the first is made. */
  public Spool(Path dir, Log log) {
    this.dir = dir;
    this.log = log;
  }

  /** Makes a file that only this user may read. */
  public Path create(String prefix) throws IOException {
    return Files.createTempFile(dir, prefix + "-" + lockFile().id + "-", "", OWNER_ONLY);
  }

  private synchronized LockFile lockFile() throws IOException {
    if (closed) {
      throw new IOException("the server is stopping");
    }
    LockFile there = lockFile;
    for (int tries = 0; there == null && tries < LOCK_TRIES; tries++) {
      there = tryLockFile();
    }
    if (there == null) {
      throw new IOException("the owner's lock file vanishes from " + dir);
    }
    lockFile = there;
    return there;
  }

  /** Makes a lock file and locks it; null when somebody swept it away in between. */
  private @Nullable LockFile tryLockFile() throws IOException {
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    HERE.add(id);
    Path file = Files.createFile(dir.resolve(".rr-" + id + ".owner"), OWNER_ONLY);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null && Files.exists(file)) {
        return new LockFile(id, file, channel);
      }
      channel.close();
      return null;
    } catch (IOException e) {
      // Without locks in this file system a lock file would say that its owner is dead.
      log.debug("files cannot be locked in this folder", "folder", dir, "error", e.toString());
      Files.deleteIfExists(file);
      return new LockFile(id, file, channel);
    }
  }

  /** Deletes what processes of this user left behind that are no more. */
  public void sweep() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, ".rr-*.owner")) {
      for (Path found : files) {
        Matcher name = LOCK_FILE.matcher(found.getFileName().toString());
        if (name.matches() && !HERE.contains(name.group(1)) && isOurs(found)) {
          sweep(found, name.group(1));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Nothing was ever put there.
    } catch (IOException e) {
      log.warn(
          "files of servers that were killed could not be looked for",
          "folder",
          dir,
          "error",
          e.toString());
    }
  }

  /** Whether a lock file was made by this user: compared with one that certainly was. */
  private boolean isOurs(Path found) throws IOException {
    return Files.isRegularFile(found, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(found, LinkOption.NOFOLLOW_LINKS)
            .equals(Files.getOwner(lockFile().file, LinkOption.NOFOLLOW_LINKS));
  }

  private void sweep(Path found, String id) throws IOException {
    try (FileChannel channel =
        FileChannel.open(found, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (channel.tryLock() == null) {
        return;
      }
      int count = deleteOf(id);
      Files.deleteIfExists(found);
      log.info("files of a server that was killed were deleted", "folder", dir, "files", count);
    } catch (NoSuchFileException e) {
      // Somebody else swept it.
    }
  }

  private int deleteOf(String id) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(dir, "*-" + id + "-*")) {
      all.forEach(files::add);
    }
    files.removeIf(file -> !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    files.forEach(Spool::deleteQuietly);
    return files.size();
  }

  /** Deletes what is left, and the lock file. No file can be made any more. */
  @Override
  public synchronized void close() {
    closed = true;
    LockFile made = lockFile;
    if (made == null) {
      return;
    }
    lockFile = null;
    try (FileChannel lock = made.lock) {
      deleteOf(made.id);
      Files.deleteIfExists(made.file);
    } catch (IOException e) {
      log.warn("files of requests could not be deleted", "folder", dir, "error", e.toString());
    }
  }

  /** Deletes a file if it is there; one that cannot be deleted stays, without an error. */
  public static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The application may have moved it; a file that cannot be deleted is the folder owner's
      // business.
    }
  }
}

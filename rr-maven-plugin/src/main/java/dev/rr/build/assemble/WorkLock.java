package dev.rr.build.assemble;

import dev.rr.build.BuildException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other builds out of a folder for generated sources, which each of them empties: one would
 * pack what the other has compiled. The system lets go of it when the process ends, however it
 * does. One thread.
 */
final class WorkLock implements Closeable {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final FileChannel channel;

  private WorkLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits until no other build works in a folder, which need not be there. */
  static WorkLock take(Path work) throws BuildException, IOException, InterruptedException {
    return take(work, LIMIT);
  }

  /** With another limit. */
  static WorkLock take(Path work, Duration limit)
      throws BuildException, IOException, InterruptedException {
    Path file = work.toAbsolutePath().resolveSibling(work.getFileName() + ".lock");
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      long end = System.nanoTime() + limit.toNanos();
      while (lock(channel) == null) {
        if (System.nanoTime() > end) {
          throw new BuildException(
              "%s: another build has worked there for %d s".formatted(work, limit.toSeconds()));
        }
        // A lock that is waited for has no deadline, and none of this process' own.
        Thread.sleep(PAUSE.toMillis());
      }
      return new WorkLock(channel);
    } catch (BuildException | IOException | InterruptedException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

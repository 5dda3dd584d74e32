package dev.rr.os;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reaps processes that this one has adopted, as is the duty of the first process of a container:
 * what a worker started and left behind ends as a zombie otherwise. Java waits for the processes
 * that it started itself, each at once; so what is a zombie twice, a second apart, is not one of
 * those. Owns the daemon thread {@code rr-reaper}.
 */
public final class ZombieReaper implements AutoCloseable {
  private static final Path PROC = Path.of("/proc");
  private static final int WNOHANG = 1;
  private static final long PERIOD_MILLIS = 1_000;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final String self = Long.toString(ProcessHandle.current().pid());
  private final MethodHandle waitpid;
  private Set<Zombie> seen = Set.of();

  /** A process that has ended and the moment it began, as its number may come again. */
  private record Zombie(int pid, String began) {}

  ZombieReaper() {
    var i = ValueLayout.JAVA_INT;
    waitpid = Libc.function("waitpid", i, i, ValueLayout.ADDRESS, i);
  }

  /** Begins when this is the first process of its container; null when it is not. */
  public static @Nullable ZombieReaper startAsFirstProcess() {
    if (ProcessHandle.current().pid() != 1 || !Files.isDirectory(PROC)) {
      return null;
    }
    ZombieReaper reaper = new ZombieReaper();
    Thread.ofPlatform().daemon().name("rr-reaper").start(reaper::run);
    return reaper;
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void run() {
    try {
      while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reaps what was a zombie the last time, too. */
  void look() {
    Set<Zombie> now = zombies();
    for (Zombie zombie : now) {
      if (seen.contains(zombie)) {
        reap(zombie.pid());
      }
    }
    seen = now;
  }

  private Set<Zombie> zombies() {
    Set<Zombie> found = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path process : processes) {
        Zombie zombie = zombie(process);
        if (zombie != null) {
          found.add(zombie);
        }
      }
    } catch (IOException e) {
      // Looked at again in a second.
    }
    return found;
  }

  /** A process of this one's that has ended and waits to be reaped; null for any other. */
  private @Nullable Zombie zombie(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      // The name in parentheses may hold anything; behind it stand state, parent, … and the start.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[0].equals("Z") && fields[1].equals(self)
          ? new Zombie(Integer.parseInt(String.valueOf(process.getFileName())), fields[19])
          : null;
    } catch (IOException | RuntimeException gone) {
      return null;
    }
  }

  private void reap(int pid) {
    try {
      int unused = (int) waitpid.invokeExact(pid, MemorySegment.NULL, WNOHANG);
    } catch (Throwable e) {
      throw Libc.unexpected("waitpid", e);
    }
  }
}

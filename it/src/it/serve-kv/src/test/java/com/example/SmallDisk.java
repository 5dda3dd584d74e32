package com.example;

import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * A folder that has room for so much, until more is freed: a file system in memory. Where none may
 * be mounted, a process whose files may not become larger.
 */
final class SmallDisk implements AutoCloseable {
  private static final int BALLAST = 3_000_000;

  private final Path folder;
  private final boolean mounted;

  private SmallDisk(Path folder, boolean mounted) {
    this.folder = folder;
    this.mounted = mounted;
  }

  /** Makes a folder of this kind. */
  static SmallDisk at(Path folder) throws IOException {
    Files.createDirectory(folder);
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", folder.toString());
    if (mounted) {
      Files.write(folder.resolve("ballast"), new byte[BALLAST]);
    }
    return new SmallDisk(folder, mounted);
  }

  private static boolean run(String... command) {
    return ShellCommand.in(Path.of("."), command).run().exit() == 0;
  }

  /**
   * What a shell does before it starts who writes here.
   *
   * @param megabytes for a file, where there is no file system
   */
  static String limit(Collection<SmallDisk> disks, int megabytes) {
    // In blocks of 512 bytes; it can be lifted.
    return disks.stream().allMatch(d -> d.mounted) ? ":" : "ulimit -S -f " + megabytes * 2000;
  }

  /** Makes more room for the process that was started behind {@link #limit}. */
  void free(ProcessHandle process) throws IOException {
    if (mounted) {
      Files.delete(folder.resolve("ballast"));
    } else if (!run("prlimit", "--pid", "" + process.pid(), "--fsize=unlimited")) {
      throw new IOException("prlimit");
    }
  }

  @Override
  public void close() {
    if (mounted) {
      // Whoever is in it still keeps it until his end.
      run("umount", "-l", folder.toString());
    }
  }
}

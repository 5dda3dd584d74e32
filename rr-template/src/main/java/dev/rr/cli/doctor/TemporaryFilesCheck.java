package dev.rr.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Whether there is room for what does not stay in memory: uploads, and bodies that are large. */
final class TemporaryFilesCheck implements DoctorCheck {
  private static final long GIB = 1L << 30;

  @Override
  public String name() {
    return "spool";
  }

  @Override
  public List<Finding> look(Machine machine) {
    return List.of(look(machine.temporary()));
  }

  private static Finding look(Path folder) {
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      return Finding.problem(
          "uploads and large bodies go to " + folder + ", which cannot be written",
          "make the folder, or have TMPDIR name another one");
    }
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      String shown = String.format(Locale.ROOT, "%.1f GiB", free / (double) GIB);
      return free < GIB
          ? Finding.warning(
              folder + " has " + shown + " left for uploads and large bodies",
              "make room, or have TMPDIR name a folder with more")
          : Finding.ok(folder + " has " + shown + " left");
    } catch (IOException e) {
      return Finding.ok(folder + " can be written");
    }
  }
}

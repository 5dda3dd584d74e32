package dev.rr.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Memory and processor time of a process, from {@code /proc} where there is one. Both are in one
 * file, so that a pool's figures cost one read a worker. Any thread.
 *
 * @param residentBytes resident memory
 * @param cpuTime processor time since the start
 */
public record ProcessFigures(long residentBytes, Duration cpuTime) {
  // The kernel shows times in clock ticks; user space has seen 100 of them a second for decades.
  private static final long NANOS_PER_TICK = 10_000_000;
  private static final long PAGE = 4096;

  /** Both figures; empty when the process is gone or the system has no {@code /proc}. */
  public static Optional<ProcessFigures> of(long pid) {
    try (InputStream in = new FileInputStream("/proc/" + pid + "/stat")) {
      byte[] bytes = new byte[1024];
      int length = in.read(bytes);
      return Optional.of(parse(new String(bytes, 0, length, StandardCharsets.ISO_8859_1)));
    } catch (IOException | RuntimeException notThere) {
      return Optional.empty();
    }
  }

  private static ProcessFigures parse(String text) {
    // The second field is the name in parentheses and may hold anything.
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    return new ProcessFigures(
        Long.parseLong(fields[21]) * PageSize.BYTES, Duration.ofNanos(ticks * NANOS_PER_TICK));
  }

  /** Processor time by time since the process was started, in percent. */
  public double cpuPercent(Instant started) {
    double wall = Duration.between(started, Instant.now()).toNanos();
    return wall <= 0 ? 0 : cpuTime.toNanos() / wall * 100;
  }

  /** Resident memory in bytes; empty when the system does not tell. */
  public static Optional<Long> residentBytes(long pid) {
    return of(pid).map(ProcessFigures::residentBytes);
  }

  /** Processor time by time since the start, in percent; 0 when the system does not tell. */
  public static double cpuPercent(Process process) {
    return process
        .info()
        .startInstant()
        .flatMap(started -> of(process.pid()).map(figures -> figures.cpuPercent(started)))
        .orElse(0.0);
  }

  // aarch64 kernels may have pages of 16 or 64 KiB; the kernel's own figures tell which.
  private static final class PageSize {
    static final long BYTES = detect();

    private static long detect() {
      try {
        long pages =
            Long.parseLong(Files.readString(Path.of("/proc/self/statm")).strip().split(" ")[0]);
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
          if (line.startsWith("VmSize:")) {
            long bytes = Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            return Math.max(PAGE, Long.highestOneBit(bytes / pages + bytes / pages / 2));
          }
        }
      } catch (IOException | RuntimeException notThere) {
        return PAGE;
      }
      return PAGE;
    }
  }
}

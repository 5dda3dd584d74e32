package dev.rr.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Memory and processor time of a process, from {@code /proc} where there is one. Any thread. */
public final class ProcessFigures {
  // The kernel shows times in clock ticks; user space has seen 100 of them a second for decades.
  private static final long NANOS_PER_TICK = 10_000_000;
  private static final long PAGE = 4096;

  private ProcessFigures() {}

  /** Resident memory in bytes; empty when the system does not tell. */
  public static Optional<Long> residentBytes(long pid) {
    try {
      String text = Files.readString(Path.of("/proc/" + pid + "/statm"), StandardCharsets.US_ASCII);
      return Optional.of(Long.parseLong(text.split(" ")[1]) * pageSize());
    } catch (IOException | RuntimeException notThere) {
      return Optional.empty();
    }
  }

  /** Processor time by time since the start, in percent; 0 when the system does not tell. */
  public static double cpuPercent(Process process) {
    Optional<Instant> start = process.info().startInstant();
    Optional<Duration> cpu = cpuTime(process);
    if (start.isEmpty() || cpu.isEmpty()) {
      return 0;
    }
    double wall = Duration.between(start.get(), Instant.now()).toNanos();
    return wall <= 0 ? 0 : cpu.get().toNanos() / wall * 100;
  }

  private static Optional<Duration> cpuTime(Process process) {
    try {
      String text =
          Files.readString(
              Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
      // The second field is the name in parentheses and may hold anything.
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      return Optional.of(Duration.ofNanos(ticks * NANOS_PER_TICK));
    } catch (IOException | RuntimeException notThere) {
      return process.info().totalCpuDuration();
    }
  }

  private static long pageSize() {
    return PageSize.BYTES;
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

package dev.rr.plugin.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What the server itself uses up. One thread. */
final class ServerProcess {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final Rate cpu = new Rate();

  /** Looks at the processor time. */
  void look(long nanos) {
    Duration used = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    cpu.look(used.toNanos() / 1e7, nanos);
  }

  /** As the page takes it: bytes, and the share of one processor in percent. */
  Map<String, Object> json() {
    Runtime runtime = Runtime.getRuntime();
    return Map.of(
        "rss", resident(),
        "heap", runtime.totalMemory() - runtime.freeMemory(),
        "heapMost", runtime.maxMemory(),
        "cpu", cpu.perSecond(),
        "pid", ProcessHandle.current().pid());
  }

  /** Resident memory; 0 where the system does not tell. */
  private static long resident() {
    try {
      return Files.readAllLines(STATUS).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .map(line -> line.replaceAll("\\D", ""))
              .mapToLong(Long::parseLong)
              .findFirst()
              .orElse(0)
          * 1_024;
    } catch (IOException e) {
      return 0;
    }
  }
}

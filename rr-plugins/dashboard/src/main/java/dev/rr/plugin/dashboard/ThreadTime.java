package dev.rr.plugin.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processor time of the calling thread. From the kernel's file, because the JDK's bean for it
 * brings half of JMX into the process.
 */
final class ThreadTime {
  private static final Path FILE = Path.of("/proc/thread-self/schedstat");

  private ThreadTime() {}

  /** In nanoseconds since any moment; on the clock where the kernel does not count it. */
  static long nanos() {
    try {
      String counted = Files.readString(FILE);
      return Long.parseLong(counted.substring(0, counted.indexOf(' ')));
    } catch (IOException | RuntimeException e) {
      return System.nanoTime();
    }
  }
}

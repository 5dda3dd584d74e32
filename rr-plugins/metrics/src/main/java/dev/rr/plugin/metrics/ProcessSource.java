package dev.rr.plugin.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.rr.process.ProcessFigures;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Figures of this process and its JVM. Those of the process have the names that all of Prometheus'
 * libraries give them; those of the JVM the names of its Java library, and beside them the ones of
 * Go's for which upstream's dashboards ask. Any thread.
 */
final class ProcessSource {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double MILLIS = TimeUnit.SECONDS.toMillis(1);

  /** What a limit that is none is scraped as: Go's largest whole number, as a floating one. */
  private static final double UNLIMITED = 0x1p64;

  private ProcessSource() {}

  static void collect(Families to) {
    process(to);
    memory(to);
    collections(to);
    threads(to);
    to.gauge("go_info", "Information about the environment.", 1, "version", version());
    to.gauge("jvm_info", "VM version info", 1, "version", Runtime.version().toString());
    to.gauge(
        "go_sched_gomaxprocs_threads",
        "Processors that the process may use.",
        Runtime.getRuntime().availableProcessors());
  }

  private static String version() {
    return "java" + Runtime.version().feature();
  }

  private static void process(Families to) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      to.counter(
          "process_cpu_seconds_total",
          "Total user and system CPU time spent in seconds.",
          unix.getProcessCpuTime() / NANOS);
      to.gauge(
          "process_open_fds",
          "Number of open file descriptors.",
          unix.getOpenFileDescriptorCount());
      to.gauge(
          "process_max_fds",
          "Maximum number of open file descriptors.",
          unix.getMaxFileDescriptorCount());
      to.gauge(
          "process_virtual_memory_bytes",
          "Virtual memory size in bytes.",
          unix.getCommittedVirtualMemorySize());
    }
    to.gauge(
        "process_start_time_seconds",
        "Start time of the process since unix epoch in seconds.",
        ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS);
    ProcessFigures.residentBytes(ProcessHandle.current().pid())
        .ifPresent(bytes ->
            to.gauge("process_resident_memory_bytes", "Resident memory size in bytes.", bytes));
    to.gauge(
        "process_virtual_memory_max_bytes",
        "Maximum amount of virtual memory available in bytes.",
        addressSpace());
  }

  private static double addressSpace() {
    for (String line : lines(Path.of("/proc/self/limits"))) {
      if (line.startsWith("Max address space")) {
        String soft = line.substring("Max address space".length()).strip().split(" +")[0];
        return soft.equals("unlimited") ? UNLIMITED : Double.parseDouble(soft);
      }
    }
    return UNLIMITED;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }

  private static void memory(Families to) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    area(to, "heap", heap);
    area(to, "nonheap", other);
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      to.gauge(
          "jvm_buffer_pool_used_bytes",
          "Used bytes of a given JVM buffer pool.",
          pool.getMemoryUsed(),
          "pool",
          pool.getName());
    }
    String used = "Bytes of the Java heap that are in use.";
    to.gauge("go_memstats_alloc_bytes", used, heap.getUsed());
    to.gauge("go_memstats_heap_alloc_bytes", used, heap.getUsed());
    to.gauge("go_memstats_heap_inuse_bytes", used, heap.getUsed());
    to.gauge(
        "go_memstats_heap_idle_bytes",
        "Bytes of the Java heap that wait to be used.",
        heap.getCommitted() - heap.getUsed());
    to.gauge(
        "go_memstats_heap_sys_bytes",
        "Bytes that the Java heap has from the system.",
        heap.getCommitted());
    to.gauge(
        "go_memstats_sys_bytes",
        "Bytes that the JVM has from the system.",
        heap.getCommitted() + other.getCommitted());
  }

  private static void area(Families to, String area, MemoryUsage usage) {
    to.gauge(
        "jvm_memory_used_bytes",
        "Used bytes of a given JVM memory area.",
        usage.getUsed(),
        "area",
        area);
    to.gauge(
        "jvm_memory_committed_bytes",
        "Committed (bytes) of a given JVM memory area.",
        usage.getCommitted(),
        "area",
        area);
    to.gauge(
        "jvm_memory_max_bytes",
        "Max (bytes) of a given JVM memory area.",
        usage.getMax(),
        "area",
        area);
  }

  private static void collections(Families to) {
    long count = 0;
    double seconds = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      double its = collector.getCollectionTime() / MILLIS;
      to.summary(
          "jvm_gc_collection_seconds",
          "Time spent in a given JVM garbage collector in seconds.",
          collector.getCollectionCount(),
          its,
          "gc",
          collector.getName());
      count += collector.getCollectionCount();
      seconds += its;
    }
    to.summary(
        "go_gc_duration_seconds", "Pauses of the garbage collectors together.", count, seconds);
  }

  private static void threads(Families to) {
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    to.gauge("jvm_threads_current", "Current thread count of a JVM", threads);
    to.gauge("go_threads", "Threads of the JVM.", threads);
    to.gauge("go_goroutines", "Threads of the JVM, without virtual ones.", threads);
  }
}

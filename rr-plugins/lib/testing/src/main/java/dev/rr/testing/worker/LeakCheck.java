package dev.rr.testing.worker;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a process, a thread or a pipe or socket behind: any thread, platform or
 * virtual, whatever its name, but those in {@link #FOREIGN}. For tests that run one after the other
 * in their JVM.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /**
   * Beginnings of the names of threads that are nobody's leak: they come when something is used
   * first, and stay or go as they like.
   */
  private static final List<String> FOREIGN =
      List.of(
          // The JVM and the JDK; carriers and pollers of virtual threads, the common pool.
          "Attach Listener",
          "C1 CompilerThread",
          "C2 CompilerThread",
          "Cleaner-",
          "Common-Cleaner",
          "CompletableFutureDelayScheduler",
          "DestroyJavaVM",
          "Finalizer",
          "ForkJoinPool",
          "JFR ",
          "Keep-Alive-",
          "MasterPoller",
          "Notification Thread",
          "Read-Poller",
          "Reference Handler",
          "Signal Dispatcher",
          "SIG",
          "SubPoller-",
          "VirtualThread-",
          "Write-Poller",
          "process reaper",
          // The JDK's HTTP client, which a test uses and which ends some time after its last use.
          "HttpClient-",
          // Those who run the tests.
          "junit-",
          "main",
          "surefire-",
          // Netty's own, one each for the whole process.
          "ObjectCleanerThread",
          "globalEventExecutor-");

  private static final Pattern VIRTUAL = Pattern.compile("#(\\d+) \"(.*?)\" virtual.*");

  private Set<Long> processes = Set.of();
  private Set<Running> threads = Set.of();
  private int descriptors;

  /** A thread; two of one name are two. */
  private record Running(long id, String name) {
    boolean isForeign() {
      return FOREIGN.stream().anyMatch(name::startsWith);
    }
  }

  /** A part of a test. */
  public interface Part {
    /** Runs it on the calling thread. */
    void run() throws Exception;
  }

  /**
   * Fails when a part of a test leaves something behind.
   *
   * @throws AssertionError after 30 seconds, in which what is left may still end
   */
  public static void around(Part part) throws Exception {
    LeakCheck check = new LeakCheck();
    check.begin();
    part.run();
    check.end(TIMEOUT);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    begin();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    end(TIMEOUT);
  }

  /** Notes what is there. */
  void begin() {
    prime();
    processes = processes();
    threads = threads();
    descriptors = descriptors();
  }

  /** Fails when something else is still there after a while. */
  void end(Duration timeout) {
    await(timeout, "processes", () -> added(processes(), processes));
    await(timeout, "threads", () -> added(threads(), threads));
    int before = descriptors;
    await(
        timeout,
        "pipes or sockets beside the first " + before,
        () -> descriptors() > before ? List.of(descriptors()) : List.of());
  }

  private static void await(Duration timeout, String what, Supplier<Collection<?>> left) {
    Await.until(timeout, () -> what + " left: " + left.get(), () -> left.get().isEmpty());
  }

  // The first socket of a JVM opens one more that stays.
  private static void prime() {
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> Collection<T> added(Set<T> now, Set<T> before) {
    return now.stream().filter(x -> !before.contains(x)).toList();
  }

  private static Set<Long> processes() {
    return ProcessHandle.current()
        .descendants()
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  private static Set<Running> threads() {
    Set<Running> running = new HashSet<>(virtual());
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      running.add(new Running(thread.threadId(), thread.getName()));
    }
    running.removeIf(Running::isForeign);
    return running;
  }

  // The JVM tells of virtual threads only in a dump.
  private static List<Running> virtual() {
    try {
      Path folder = Files.createTempDirectory("rr-threads");
      Path dump = folder.resolve("dump");
      try {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        return virtual(Files.readAllLines(dump));
      } finally {
        Files.deleteIfExists(dump);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Running> virtual(List<String> dump) {
    List<Running> found = new ArrayList<>();
    for (String line : dump) {
      Matcher thread = VIRTUAL.matcher(line);
      if (thread.matches()) {
        found.add(new Running(Long.parseLong(thread.group(1)), thread.group(2)));
      }
    }
    return found;
  }

  // Only what workers use; the JVM opens files of its own when it likes.
  private static int descriptors() {
    Path folder = Path.of("/proc/self/fd");
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> all = entries.toList();
      return (int) all.stream().filter(LeakCheck::isChannel).count();
    } catch (IOException e) {
      return 0;
    }
  }

  private static boolean isChannel(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("pipe:") || target.startsWith("socket:");
    } catch (IOException gone) {
      return false;
    }
  }
}

package dev.rr.testing.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a process, a thread named {@code rr-…} or a pipe or socket behind. For
 * tests that run one after the other in their JVM.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
  private Set<Long> processes = Set.of();
  private Set<String> threads = Set.of();
  private int descriptors;

  @Override
  public void beforeEach(ExtensionContext context) {
    prime();
    processes = processes();
    threads = threads();
    descriptors = descriptors();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Await.until("processes left: " + added(processes(), processes), () -> processesGone());
    Await.until("threads left: " + added(threads(), threads), () -> threadsGone());
    Await.until(
        "pipes or sockets left: " + descriptors() + ", before: " + descriptors,
        () -> descriptors() <= descriptors);
  }

  // The first socket of a JVM opens one more that stays.
  private static void prime() {
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean processesGone() {
    return added(processes(), processes).isEmpty();
  }

  private boolean threadsGone() {
    return added(threads(), threads).isEmpty();
  }

  private static <T> Set<T> added(Set<T> now, Set<T> before) {
    return now.stream()
        .filter(x -> !before.contains(x))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Long> processes() {
    return ProcessHandle.current()
        .descendants()
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("rr-"))
        .collect(Collectors.toSet());
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

package dev.rr.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Replaces this process by a new run of the same program under the same process id. Linux. */
public final class Restart {
  private static final int FIRST_FREE_FD = 3;
  private static final int CLOSE_RANGE_CLOEXEC = 4;

  private Restart() {}

  /**
   * The command that starts this program again: the packed file, so that a newer one in its place
   * is taken, or the JVM's own command line when there is no such file.
   *
   * @throws IOException when neither is known
   */
  public static List<String> command(@Nullable Path file, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (file != null) {
      command.addAll(List.of("/bin/sh", file.toString()));
      command.addAll(arguments);
      return command;
    }
    command.addAll(Inherited.words("cmdline"));
    command.set(0, Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
    return command;
  }

  /**
   * Replaces the process. Returns only by an exception. Files that are still open are closed by the
   * system.
   *
   * @throws IOException when the system refuses
   */
  public static void exec(List<String> command, Map<String, String> environment)
      throws IOException {
    var i = ValueLayout.JAVA_INT;
    var p = ValueLayout.ADDRESS;
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle closeRange = Libc.function("close_range", i, i, i, i);
      MethodHandle execve = Libc.function("execve", i, p, p, p);
      MemorySegment path = Libc.string(arena, command.getFirst());
      MemorySegment argv = Libc.strings(arena, command);
      List<String> variables =
          environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
      MemorySegment envp = Libc.strings(arena, variables);
      int closing = (int) closeRange.invokeExact(FIRST_FREE_FD, -1, CLOSE_RANGE_CLOEXEC);
      int refused = (int) execve.invokeExact(path, argv, envp);
      throw new IOException(
          command.getFirst() + " cannot be executed (" + refused + ", " + closing + ")");
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected("execve", e);
    }
  }
}

package dev.rr.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Kills a process and everything it started. Any thread. Where processes lead no group of their own
 * ({@link ProcessStarter} tells when), those are killed that still are its descendants.
 */
public final class ProcessGroup {
  private static final int SIGINT = 2;
  private static final int SIGKILL = 9;
  private static final int FAILED = -1;

  private ProcessGroup() {}

  // Loaded only when something is signalled: a start does not pay for it.
  private static final class Native {
    static final @Nullable MethodHandle KILL = kill();

    @SuppressWarnings("restricted")
    private static @Nullable MethodHandle kill() {
      try {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        return linker.downcallHandle(linker.defaultLookup().findOrThrow("kill"), type);
      } catch (RuntimeException | LinkageError notHere) {
        return null;
      }
    }
  }

  /** Kills the process and, where it leads a group of its own, what is left of that group. */
  public static void kill(Process process) {
    killGroup(process);
    // Process' own way would close its streams, and with them what it still prints.
    boolean ignored = process.toHandle().destroyForcibly();
  }

  /** Kills what is left of a process' group; nothing where it does not lead one. */
  public static void killGroup(Process process) {
    if (signal(process, SIGKILL).isEmpty()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Asks the process and its group to end, as Ctrl+C in a terminal does. */
  public static void interrupt(Process process) {
    // Where it leads no group, or none yet, it is asked alone.
    if (signal(process, SIGINT).orElse(FAILED) != 0 && process.isAlive()) {
      boolean ignored = process.toHandle().destroy();
    }
  }

  /** What the system answers, 0 for success; empty where processes lead no groups. */
  private static OptionalInt signal(Process process, int signal) {
    MethodHandle kill = ProcessStarter.ownGroup() ? Native.KILL : null;
    if (kill == null) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of((int) kill.invokeExact(-Math.toIntExact(process.pid()), signal));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

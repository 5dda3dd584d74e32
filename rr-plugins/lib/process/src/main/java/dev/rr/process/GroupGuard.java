package dev.rr.process;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Kills groups of processes when this server is gone, however it went: the kernel ends only those
 * that the server started itself, and not what these have started. It is a shell that reads from a
 * pipe which groups there are; the pipe's end is the server's. Any thread.
 */
public final class GroupGuard implements AutoCloseable {
  // Signals that are sent to everybody around a terminal or in a service must not end it first.
  // Who was just started leads no group yet, and is killed alone.
  private static final String SCRIPT =
      """
      trap '' HUP INT TERM
      groups=' '
      while read -r what group; do
        case $what in
          add) groups="$groups$group " ;;
          remove) groups="${groups%% $group *} ${groups#* $group }" ;;
        esac
      done
      for group in $groups; do kill -s KILL -- "-$group" || kill -s KILL "$group"; done 2>/dev/null
      """;

  private final @Nullable Process shell;

  private GroupGuard(@Nullable Process shell) {
    this.shell = shell;
  }

  /**
   * Starts one; where processes lead no groups of their own it has nothing to do.
   *
   * @throws IOException when there is no shell
   */
  public static GroupGuard start() throws IOException {
    return new GroupGuard(
        ProcessStarter.ownGroup()
            ? new ProcessBuilder("/bin/sh", "-c", SCRIPT, "rr-group-guard")
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start()
            : null);
  }

  /** Watches over the group of a process that {@link ProcessStarter} has prepared. */
  public void add(Process leader) {
    tell("add " + leader.pid());
  }

  /** Forgets a group, once nothing is left of it: its number may soon be another's. */
  public void remove(Process leader) {
    tell("remove " + leader.pid());
  }

  private synchronized void tell(String line) {
    if (shell == null) {
      return;
    }
    try {
      OutputStream pipe = shell.getOutputStream();
      pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      pipe.flush();
    } catch (IOException gone) {
      // Somebody has killed it. The kernel still ends the leaders.
    }
  }

  /** Kills the groups that are still watched, and waits for that up to three seconds. */
  @Override
  public synchronized void close() throws InterruptedException {
    if (shell == null) {
      return;
    }
    try {
      shell.getOutputStream().close();
    } catch (IOException gone) {
      // The same.
    }
    if (!shell.waitFor(3, TimeUnit.SECONDS)) {
      shell.destroyForcibly();
    }
  }
}

package dev.rr.kernel;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Lifecycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Stops groups of plugins one after the other, the plugins of a group at the same time, all in one
 * budget. Owns a daemon thread {@code rr-stop-<id>} for each plugin that is stopping.
 *
 * <p>The budget is cut in three so that a plugin that hangs cannot take the others' turn: 90 % for
 * everybody, then 5 % for groups that come after the one that hung, and the last 5 % for the final
 * group, the log.
 */
final class Stopper {
  /** A started plugin. */
  record Started(String id, Lifecycle plugin) {}

  private final Duration grace;
  private final Deadline main;
  private final Deadline late;
  private final Deadline whole;
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private final Set<String> leftBehind = ConcurrentHashMap.newKeySet();

  Stopper(Duration grace) {
    this.grace = grace;
    this.main = Deadline.after(grace.multipliedBy(90).dividedBy(100));
    this.late = Deadline.after(grace.multipliedBy(95).dividedBy(100));
    this.whole = Deadline.after(grace);
  }

  /** Stops the groups in the order given; returns what went wrong, in the order it did. */
  List<String> stop(List<List<Started>> groups) {
    // An interrupt that failed a start must not cut the stop short.
    boolean interrupted = Thread.interrupted();
    for (int i = 0; i < groups.size(); i++) {
      boolean last = i == groups.size() - 1;
      Deadline deadline = last ? whole : main.passed() ? late : main;
      stopGroup(groups.get(i), deadline);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new ArrayList<>(problems);
  }

  /**
   * Ends a start that is under way, in a third of the time at most, as others have to stop yet.
   *
   * @return whether it has ended; one that has not is never stopped, as it would be in two threads
   */
  boolean abort(Starter.Late late) {
    try {
      if (late.abort(main.within(grace.dividedBy(3)))) {
        return true;
      }
      problems.add(
          "the plugin %s was starting, did not return within %s and was left behind"
              .formatted(late.plugin().id(), seconds(grace.dividedBy(3))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problems.add(
          "waiting for the start of the plugin " + late.plugin().id() + " was interrupted");
    }
    return false;
  }

  private void stopGroup(List<Started> group, Deadline deadline) {
    Map<String, Thread> stopping = new LinkedHashMap<>();
    for (Started started : group) {
      stopping.put(
          started.id(),
          Thread.ofPlatform()
              .daemon()
              .name("rr-stop-" + started.id())
              .start(() -> stopOne(started, deadline)));
    }
    stopping.forEach((id, thread) -> await(id, thread, deadline));
  }

  /** On the plugin's stopping thread. */
  private void stopOne(Started started, Deadline deadline) {
    try {
      started.plugin().stop(deadline);
    } catch (Exception | LinkageError | AssertionError e) {
      // What our own interrupt causes has been told already.
      if (!leftBehind.contains(started.id())) {
        problems.add("stop error from the plugin " + started.id() + ": " + ErrorText.text(e));
      }
    }
  }

  /**
   * On the thread that stops the server. A plugin that is late is interrupted and left behind, not
   * waited for: its thread is a daemon, so it cannot keep the process alive either.
   */
  private void await(String id, Thread thread, Deadline deadline) {
    try {
      // A plugin that returns at its deadline is on time; the scheduler may need a moment to show
      // it.
      if (!thread.join(deadline.remaining().plusMillis(20))) {
        leftBehind.add(id);
        problems.add(
            "the plugin "
                + id
                + " did not stop within the grace period of "
                + seconds(grace)
                + " and was left behind");
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problems.add("waiting for the plugin " + id + " to stop was interrupted");
    }
  }

  /** For example {@code 30 s} or {@code 1.5 s}. */
  static String seconds(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
  }
}

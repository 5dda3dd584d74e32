package dev.rr.journal;

import dev.rr.api.log.Log;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the garbage of a file is dropped, and has that done a bit at a time. Whatever fails
 * about the copy leaves the file as it is, and is tried again when the file has grown. The writer's
 * thread.
 *
 * @param <S> the state
 */
final class Compactor<S extends JournalState> {
  /** A small file is not worth the while. */
  private static final long LEAST_GARBAGE = 4 << 20;

  /** Less than that is not worth the while even where nothing else is left. */
  private static final long LEAST_ROOM = 64 << 10;

  private final Supplier<S> states;
  private final Log log;
  private @Nullable Compaction<S> running;

  /** How long a file has to be for the next one. */
  private long next;

  /** Whether a write found no room since a copy was begun. */
  private boolean full;

  /** What was alive when a copy failed last. */
  private long failedLive = Long.MAX_VALUE;

  Compactor(Supplier<S> states, Log log) {
    this.states = states;
    this.log = log;
  }

  boolean isRunning() {
    return running != null;
  }

  /**
   * Notes that a write found no room: the garbage of a small file is dropped as well then, and that
   * of a file of which there was no copy, once half of what was alive is not.
   */
  void noteFull() {
    full = true;
  }

  private boolean isWorthIt(long end, long live) {
    boolean frees = full && end - LEAST_ROOM > 2 * live && live <= failedLive / 2;
    return frees || end >= next && end - LEAST_GARBAGE >= 2 * live;
  }

  /**
   * Goes on with a compaction, or begins one when it is worth it.
   *
   * @return one that has put its file into the place of the old one, which is of no use any more;
   *     else null
   */
  @Nullable Compaction<S> goOn(JournalFile file, S state) {
    long end = file.end();
    try {
      Compaction<S> now = running;
      if (now == null) {
        if (!isWorthIt(end, state.liveBytes())) {
          return null;
        }
        full = false;
        now = new Compaction<>(file, state, states.get());
        running = now;
      }
      if (!now.goOn()) {
        return null;
      }
      now.finish();
      running = null;
      failedLive = Long.MAX_VALUE;
      // Also when the state has told less than it took.
      next = now.file().end() + LEAST_GARBAGE;
      return now;
    } catch (IOException | RuntimeException | InternalError e) {
      giveUp();
      failedLive = state.liveBytes();
      next = end + Math.max(end / 2, LEAST_GARBAGE);
      log.log(
          Log.Level.WARN,
          "the garbage in a store's file cannot be dropped now, it grows on",
          e,
          "file",
          file.path(),
          "bytes",
          end);
      return null;
    }
  }

  /** Leaves the file as it is. */
  void giveUp() {
    if (running != null) {
      running.giveUp();
      running = null;
    }
  }
}

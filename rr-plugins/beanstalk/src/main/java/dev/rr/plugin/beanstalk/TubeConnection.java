package dev.rr.plugin.beanstalk;

import java.time.Duration;

/** What a pipeline does over a connection of its own. Any thread. */
interface TubeConnection {
  /** Has {@code then} run when it ends, or at once; on a thread that it must not block. */
  void onEnd(Runnable then);

  /** Ends it, and waits for nothing. */
  void close();

  /** Waits until it has ended, after it was closed. */
  void join(Duration longest) throws InterruptedException;
}

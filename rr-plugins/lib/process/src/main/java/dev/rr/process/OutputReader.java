package dev.rr.process;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads one stream of a process on a thread of its own, until the process and all that inherited
 * the stream have closed it.
 */
abstract class OutputReader {
  private static final int BUFFER = 8 * 1024;

  private final InputStream stream;
  private final int largest;
  private final Thread thread;

  /**
   * A reader that has not begun.
   *
   * @param thread its name
   * @param largest bytes that are read at once at most, where much is printed at once
   */
  OutputReader(String thread, InputStream stream, int largest) {
    this.stream = stream;
    this.largest = largest;
    this.thread = Thread.ofPlatform().daemon().name(thread).unstarted(this::read);
  }

  final void begin() {
    thread.start();
  }

  /** Gives what is under way up to {@code millis} milliseconds to arrive. Any thread. */
  public final void settle(long millis) throws InterruptedException {
    thread.join(millis);
  }

  /** Takes the first bytes of a buffer. On the reader's thread. */
  abstract void take(byte[] buffer, int count);

  /** Nothing more comes. On the reader's thread. */
  void end() {}

  private void read() {
    byte[] buffer = new byte[BUFFER];
    try (stream) {
      int got;
      while ((got = stream.read(buffer, 0, buffer.length)) >= 0) {
        take(buffer, got);
        if (got == buffer.length && buffer.length < largest) {
          buffer = new byte[buffer.length * 2];
        }
      }
    } catch (IOException closed) {
      // The process is gone.
    }
    end();
  }
}

package dev.rr.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Hands the lines over that a process prints, one by one, on a thread of its own: blanks at their
 * ends are dropped, and with them empty lines; a line that is too long comes in parts.
 */
public final class LineReader {
  /** The most bytes of a line, or of a part of one. */
  public static final int LONGEST = 64 * 1024;

  private final InputStream stream;
  private final Consumer<String> lines;
  private final Thread thread;
  // The reading thread's own: the line that has begun.
  private byte[] line = new byte[256];
  private int length;

  private LineReader(String name, Process process, Consumer<String> lines) {
    this.stream = process.getInputStream();
    this.lines = lines;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("rr-" + name + "-stdout-" + process.pid())
            .unstarted(this::read);
  }

  /**
   * Begins to read stdout; ends when the process and all that inherited it have closed it.
   *
   * @param name whose process it is; names the thread
   * @param lines takes each line, on the reader's thread; must not throw
   */
  public static LineReader start(String name, Process process, Consumer<String> lines) {
    LineReader reader = new LineReader(name, process, lines);
    reader.thread.start();
    return reader;
  }

  /** Gives what is under way up to {@code millis} milliseconds to arrive. */
  public void settle(long millis) throws InterruptedException {
    thread.join(millis);
  }

  private void read() {
    byte[] buffer = new byte[8 * 1024];
    try (stream) {
      int got;
      while ((got = stream.read(buffer, 0, buffer.length)) >= 0) {
        take(buffer, got);
      }
    } catch (IOException closed) {
      // The process is gone.
    }
    end();
  }

  private void take(byte[] buffer, int got) {
    for (int i = 0; i < got; i++) {
      if (buffer[i] == '\n') {
        end();
      } else {
        append(buffer[i]);
      }
    }
  }

  private void append(byte b) {
    if (length == LONGEST) {
      end();
    }
    if (length == line.length) {
      line = Arrays.copyOf(line, Math.min(LONGEST, 2 * length));
    }
    line[length++] = b;
  }

  private void end() {
    String text = new String(line, 0, length, StandardCharsets.UTF_8).stripTrailing();
    length = 0;
    if (!text.isEmpty()) {
      lines.accept(text);
    }
  }
}

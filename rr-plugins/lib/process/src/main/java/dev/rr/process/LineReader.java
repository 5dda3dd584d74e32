package dev.rr.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Hands the lines over that a process prints, one by one, on a thread of its own: blanks at their
 * ends are dropped, and with them empty lines; a line that is too long comes in parts.
 */
public final class LineReader extends OutputReader {
  /** The most bytes of a line, or of a part of one. */
  public static final int LONGEST = 64 * 1024;

  private final Consumer<String> lines;
  // The reading thread's own: the line that has begun.
  private byte[] line = new byte[256];
  private int length;

  private LineReader(String name, Process process, Consumer<String> lines) {
    super("rr-" + name + "-stdout-" + process.pid(), process.getInputStream(), LONGEST);
    this.lines = lines;
  }

  /**
   * Begins to read stdout; ends when the process and all that inherited it have closed it.
   *
   * @param name whose process it is; names the thread
   * @param lines takes each line, on the reader's thread; must not throw
   */
  public static LineReader start(String name, Process process, Consumer<String> lines) {
    LineReader reader = new LineReader(name, process, lines);
    reader.begin();
    return reader;
  }

  @Override
  void take(byte[] buffer, int count) {
    for (int i = 0; i < count; i++) {
      if (buffer[i] == '\n') {
        end();
      } else {
        append(buffer[i]);
      }
    }
  }

  private void append(byte b) {
    if (length == LONGEST) {
      endPart(b);
    }
    if (length == line.length) {
      line = Arrays.copyOf(line, Math.min(LONGEST, 2 * length));
    }
    line[length++] = b;
  }

  /** Ends a part in front of the character that {@code next} belongs to. */
  private void endPart(byte next) {
    int end = length;
    for (byte at = next; isContinuation(at) && end > length - 3; at = line[end]) {
      end--;
    }
    tell(end);
    System.arraycopy(line, end, line, 0, length - end);
    length -= end;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  @Override
  void end() {
    tell(length);
    length = 0;
  }

  private void tell(int end) {
    String text = new String(line, 0, end, StandardCharsets.UTF_8).stripTrailing();
    if (!text.isEmpty()) {
      lines.accept(text);
    }
  }
}

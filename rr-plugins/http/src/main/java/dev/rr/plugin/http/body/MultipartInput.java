package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A multipart body as it arrives, divided at its boundaries the way Go divides it: when the first
 * boundary's line ends with a bare LF, so does every other, and lines of heads may end either way.
 * On one virtual thread.
 */
final class MultipartInput {
  private static final int MAX_BOUNDARY = 256;
  private static final int MAX_LINE = 64 * 1024;

  private final BodyPipe source;

  /** The boundary with its dashes. */
  private final byte[] dashed;

  private byte[] lineBreak = {'\r', '\n'};

  /** A line break and the boundary: what ends a content. */
  private byte[] delimiter;

  /** Small at first: many forms may have begun. */
  private byte[] buffer = new byte[4 * 1024];

  private int from;
  private int to;
  private boolean ended;
  private boolean inParts;

  MultipartInput(BodyPipe source, String boundary) throws HttpFault {
    if (boundary.length() > MAX_BOUNDARY) {
      throw new HttpFault(400, "multipart boundary too long");
    }
    this.source = source;
    this.dashed = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    this.delimiter = joined(lineBreak, dashed);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Passes the next boundary; false when it was the last. */
  boolean nextPart() throws HttpFault, InterruptedException {
    boolean afterContent = false;
    while (true) {
      int end = lineEnd();
      if (isLast(end)) {
        from = end;
        drain();
        return false;
      }
      if (isBoundary(end)) {
        from = end;
        inParts = true;
        return true;
      }
      boolean ends = isLineBreak(from, end);
      if (end == to && !endsLine(end) || inParts && (afterContent || !ends)) {
        throw new HttpFault(400, "multipart: NextPart: a boundary is missing");
      }
      // Before the first boundary any line may stand, between parts the break that ends a content.
      afterContent = inParts;
      from = end;
    }
  }

  private boolean endsLine(int end) {
    return end > from && buffer[end - 1] == '\n';
  }

  private boolean isBoundary(int end) {
    if (!matches(dashed, from, dashed.length)) {
      return false;
    }
    int rest = skipBlanks(from + dashed.length, end);
    if (!inParts && rest == end - 1 && buffer[rest] == '\n') {
      lineBreak = new byte[] {'\n'};
      delimiter = joined(lineBreak, dashed);
    }
    return isLineBreak(rest, end);
  }

  private boolean isLast(int end) {
    int dashes = from + dashed.length;
    if (!matches(dashed, from, dashed.length)
        || end - dashes < 2
        || buffer[dashes] != '-'
        || buffer[dashes + 1] != '-') {
      return false;
    }
    int rest = skipBlanks(dashes + 2, end);
    return rest == end || isLineBreak(rest, end);
  }

  private boolean isLineBreak(int start, int end) {
    return Arrays.equals(buffer, start, end, lineBreak, 0, lineBreak.length);
  }

  private int skipBlanks(int start, int end) {
    int at = start;
    while (at < end && (buffer[at] == ' ' || buffer[at] == '\t')) {
      at++;
    }
    return at;
  }

  /** What follows the last boundary means nothing, but belongs to the body. */
  private void drain() throws HttpFault, InterruptedException {
    do {
      from = to;
    } while (fill());
  }

  /** Reads a line of a head, without what ends it. */
  String line() throws HttpFault, InterruptedException {
    int end = lineEnd();
    if (!endsLine(end)) {
      throw new HttpFault(400, "multipart: NextPart: EOF");
    }
    int last = end - 1;
    if (last > from && buffer[last - 1] == '\r') {
      last--;
    }
    String line = new String(buffer, from, last - from, StandardCharsets.ISO_8859_1);
    from = end;
    return line;
  }

  /** Where the line ends that begins here, with its LF; where the body ends when it has none. */
  private int lineEnd() throws HttpFault, InterruptedException {
    int searched = 0;
    while (true) {
      for (int at = from + searched; at < to; at++) {
        if (buffer[at] == '\n') {
          return at + 1;
        }
      }
      searched = to - from;
      if (searched > MAX_LINE) {
        throw new HttpFault(400, "multipart: NextPart: a line is too long");
      }
      if (!fill()) {
        return to;
      }
    }
  }

  /** Copies a content up to the boundary that ends it, where {@link #nextPart} goes on. */
  void content(OutputStream sink) throws HttpFault, IOException, InterruptedException {
    if (isEmptyContent()) {
      return;
    }
    while (true) {
      int end = from;
      int verdict = -1;
      while (end < to && (verdict = verdict(delimiter, end)) < 0) {
        end = next(end + 1);
      }
      if (end > from) {
        sink.write(buffer, from, end - from);
        from = end;
      }
      if (verdict > 0) {
        return;
      }
      if (!fill() && from == to) {
        throw new HttpFault(400, "multipart: NextPart: unexpected EOF");
      }
    }
  }

  /** Where the next delimiter might begin. */
  private int next(int start) {
    int at = start;
    while (at < to && buffer[at] != delimiter[0]) {
      at++;
    }
    return at;
  }

  /** Whether the boundary follows the head at once, which needs no further line break. */
  private boolean isEmptyContent() throws HttpFault, InterruptedException {
    int verdict = verdict(dashed, from);
    while (verdict == 0) {
      if (!fill()) {
        return verdict(dashed, from) > 0;
      }
      verdict = verdict(dashed, from);
    }
    return verdict > 0;
  }

  /** Whether a boundary begins here: 1 yes, -1 no, 0 when more has to come to tell. */
  private int verdict(byte[] mark, int at) {
    int there = Math.min(mark.length, to - at);
    if (!matches(mark, at, there)) {
      return -1;
    }
    int after = at + mark.length;
    if (after >= to) {
      return !ended ? 0 : after == to ? 1 : -1;
    }
    return switch (buffer[after]) {
      case ' ', '\t', '\r', '\n' -> 1;
      case '-' -> after + 1 < to ? (buffer[after + 1] == '-' ? 1 : -1) : ended ? -1 : 0;
      default -> -1;
    };
  }

  private boolean matches(byte[] mark, int at, int count) {
    return count <= to - at && Arrays.equals(buffer, at, at + count, mark, 0, count);
  }

  /** Gets more; false at the end. */
  private boolean fill() throws HttpFault, InterruptedException {
    @Nullable ByteBuffer next = ended ? null : source.take();
    if (next == null) {
      ended = true;
      return false;
    }
    int kept = to - from;
    int count = next.remaining();
    byte[] room = kept + count > buffer.length ? new byte[kept + count] : buffer;
    System.arraycopy(buffer, from, room, 0, kept);
    next.get(room, kept, count);
    buffer = room;
    from = 0;
    to = kept + count;
    return true;
  }
}

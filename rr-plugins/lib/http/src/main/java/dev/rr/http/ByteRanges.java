package dev.rr.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code Range} header (RFC 9110, section 14) nearly as Go's server does: any range that
 * lies beyond the end is dropped, and when all do, none can be satisfied. Any thread.
 */
final class ByteRanges {
  /** A part of a file, in bytes. */
  record Part(long start, long length) {
    String contentRange(long size) {
      return "bytes " + start + "-" + (start + length - 1) + "/" + size;
    }
  }

  private static final String UNIT = "bytes";
  private static final int MAX_PARTS = 64;

  private ByteRanges() {}

  /**
   * Reads a header.
   *
   * @param size of the file, in bytes
   * @return the parts, none for an empty header or one in another unit than bytes; null when it is
   *     malformed or none of it can be satisfied
   */
  static @Nullable List<Part> parse(String header, long size) {
    int equals = header.indexOf('=');
    if (equals < 0 || !header.substring(0, equals).equalsIgnoreCase(UNIT)) {
      return List.of();
    }
    List<Part> parts = new ArrayList<>();
    boolean beyond = false;
    for (String piece : header.substring(equals + 1).split(",", -1)) {
      String range = piece.strip();
      if (range.isEmpty()) {
        continue;
      }
      int dash = range.indexOf('-');
      long start = dash < 0 ? -1 : number(range.substring(0, dash).strip());
      long end = dash < 0 ? -1 : number(range.substring(dash + 1).strip());
      boolean suffix = dash >= 0 && range.substring(0, dash).isBlank();
      boolean open = dash >= 0 && range.substring(dash + 1).isBlank();
      if (dash < 0
          || suffix && (open || end < 0)
          || !suffix && (start < 0 || !open && end < start)) {
        return null;
      }
      if (suffix && end > 0 && size > 0) {
        long length = Math.min(end, size);
        parts.add(new Part(size - length, length));
      } else if (suffix || start >= size) {
        beyond = true;
      } else {
        parts.add(new Part(start, (open ? size - 1 : Math.min(end, size - 1)) - start + 1));
      }
      if (parts.size() > MAX_PARTS) {
        return null;
      }
    }
    // Some clients ask for ranges of whatever they fetch; an empty file is sent as it is.
    return parts.isEmpty() && beyond && size > 0 ? null : parts;
  }

  /** A number, the largest there is in place of a larger one; -1 for anything else. */
  private static long number(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}

package dev.rr.http;

import dev.rr.api.http.HttpFault;

/** The lines of a body in chunks (RFC 9112, section 7.1), without their ends. Any thread. */
public final class Chunks {
  private Chunks() {}

  /**
   * The length of the chunk that a line announces. Extensions mean nothing, but have to be some.
   *
   * @throws HttpFault when it announces none
   */
  public static long size(String line) throws HttpFault {
    checkControls(line);
    int end = 0;
    long size = 0;
    while (end < line.length() && Targets.hex(line.charAt(end)) >= 0) {
      size = size << 4 | Targets.hex(line.charAt(end++));
      if (end > 15) {
        throw new HttpFault(400, "malformed chunked encoding");
      }
    }
    String rest = line.substring(end).stripLeading();
    if (end == 0 || !rest.isEmpty() && rest.charAt(0) != ';') {
      throw new HttpFault(400, "malformed chunked encoding");
    }
    return size;
  }

  /**
   * Checks a field behind the last chunk.
   *
   * @return where its name ends
   * @throws HttpFault when it is none
   */
  public static int checkTrailer(String line) throws HttpFault {
    checkControls(line);
    int colon = line.indexOf(':');
    if (colon < 0 || !HeaderNames.isToken(line.substring(0, colon))) {
      throw new HttpFault(400, "malformed trailer");
    }
    return colon;
  }

  private static void checkControls(String line) throws HttpFault {
    if (Controls.in(line)) {
      throw new HttpFault(400, "a control character in a chunked body");
    }
  }
}

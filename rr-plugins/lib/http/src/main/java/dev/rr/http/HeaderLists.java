package dev.rr.http;

import dev.rr.api.http.HttpHeaders;

/** Headers whose values are lists with commas (RFC 9110, section 5.6.1). Any thread. */
public final class HeaderLists {
  private HeaderLists() {}

  /** Whether one of the lines of a header lists {@code item}, in whatever case. */
  public static boolean has(HttpHeaders headers, String name, String item) {
    if (!headers.contains(name)) {
      return false;
    }
    for (String line : headers.all(name)) {
      for (String listed : line.split(",")) {
        if (listed.strip().equalsIgnoreCase(item)) {
          return true;
        }
      }
    }
    return false;
  }
}

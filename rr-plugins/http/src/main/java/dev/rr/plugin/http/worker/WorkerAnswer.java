package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpHeaders;
import dev.rr.http.HeaderNames;
import java.util.HashSet;
import java.util.Set;

/**
 * The head of a worker's answer.
 *
 * @param status as the worker gave it, any number
 * @param headers in canonical spelling
 * @param trailers what the worker wants sent behind the body
 */
record WorkerAnswer(long status, HttpHeaders headers, HttpHeaders trailers) {
  private static final String TRAILER = HeaderNames.TRAILER;

  /** What a frame without a context stands for. */
  static WorkerAnswer ofNothing() {
    return new WorkerAnswer(200, new HttpHeaders(), HttpHeaders.EMPTY);
  }

  /** Whether another head follows (RFC 9110, section 15.2). */
  boolean isInterim() {
    return status >= 100 && status < 200;
  }

  /** Whether a client can be sent this as the last head. */
  boolean isValid() {
    return status >= 200 && status <= 599;
  }

  /**
   * Collects fields with the names the worker gave. A worker that wants fields sent behind the body
   * lists their names in {@code Trailer}; which of the fields those are is known only when all are
   * there.
   */
  static final class Builder {
    private long status = 200;
    private final HttpHeaders fields = new HttpHeaders();
    private boolean hasTrailer;

    void status(long code) {
      status = code;
    }

    void field(String name, String value) {
      fields.add(name, value);
      hasTrailer |= name.equalsIgnoreCase(TRAILER);
    }

    WorkerAnswer build() {
      return hasTrailer ? split() : new WorkerAnswer(status, fields, HttpHeaders.EMPTY);
    }

    private WorkerAnswer split() {
      Set<String> listed = listed();
      // Who names one that has to be known ahead is mistaken: none is believed, in neither place.
      boolean mayTrail = listed.stream().allMatch(HeaderNames::mayTrail);
      HttpHeaders headers = new HttpHeaders();
      HttpHeaders trailers = new HttpHeaders();
      for (int i = 0; i < fields.size(); i++) {
        String name = HeaderNames.canonical(fields.name(i));
        if (listed.contains(name)) {
          if (mayTrail) {
            trailers.add(name, fields.value(i));
          }
        } else if (!name.equals(TRAILER)) {
          headers.add(fields.name(i), fields.value(i));
        }
      }
      return new WorkerAnswer(status, headers, trailers);
    }

    private Set<String> listed() {
      Set<String> listed = new HashSet<>();
      for (int i = 0; i < fields.size(); i++) {
        if (fields.name(i).equalsIgnoreCase(TRAILER)) {
          for (String name : fields.value(i).split(",", -1)) {
            if (!name.isBlank()) {
              listed.add(HeaderNames.canonical(name.strip()));
            }
          }
        }
      }
      return listed;
    }
  }
}

package dev.rr.plugin.newrelic;

import dev.rr.api.http.HttpHeaders;

/** Takes transactions. Any thread. */
interface Agent {
  /** Begins one; {@code incoming} may carry the caller's own trace. */
  Transaction begin(String name, HttpHeaders incoming);

  /** A request under way. One event loop; ended exactly once. */
  interface Transaction {
    void rename(String name);

    void attribute(String name, String value);

    void error(String type, String message);

    /** Nobody shall hear of this one. */
    void ignore();

    /** Sets the fields that hand the trace on to the application. */
    void inject(HttpHeaders outgoing);

    void end();
  }
}

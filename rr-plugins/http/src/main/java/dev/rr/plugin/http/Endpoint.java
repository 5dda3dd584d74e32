package dev.rr.plugin.http;

import dev.rr.api.http.HttpHandler;

/**
 * What the connections of one listener share. Immutable.
 *
 * @param chain what answers requests
 * @param scheme {@code http} or {@code https}
 * @param h2c whether HTTP/2 without TLS is taken
 * @param maxStreams requests at once on an HTTP/2 connection
 * @param timeouts how long clients may take
 */
record Endpoint(
    HttpHandler chain, String scheme, boolean h2c, long maxStreams, HttpConfig.Timeouts timeouts) {

  /** Bytes a request's head may have: upstream's limit. */
  static final int MAX_HEAD = 1024 * 1024;
}

package dev.rr.plugin.http.connection;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.MemoryBudget;

/**
 * What the connections of one listener share. Immutable.
 *
 * @param chain what answers requests
 * @param scheme {@code http} or {@code https}
 * @param h2c whether HTTP/2 without TLS is taken
 * @param upgrades whether there are protocols to which connections and streams can be left
 * @param maxStreams requests at once on an HTTP/2 connection
 * @param timeouts how long clients may take
 * @param budget what may wait in memory, of all listeners together
 */
public record Endpoint(
    HttpHandler chain,
    String scheme,
    boolean h2c,
    boolean upgrades,
    long maxStreams,
    TimeLimits timeouts,
    MemoryBudget budget) {}

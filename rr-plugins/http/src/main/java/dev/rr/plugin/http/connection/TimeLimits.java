package dev.rr.plugin.http.connection;

import java.time.Duration;

/**
 * How long clients may take. Immutable.
 *
 * @param header for a request's head
 * @param read for a whole request
 * @param write for one write that does not move
 * @param idle between requests
 */
public record TimeLimits(Duration header, Duration read, Duration write, Duration idle) {}

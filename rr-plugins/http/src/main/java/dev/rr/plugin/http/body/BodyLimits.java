package dev.rr.plugin.http.body;

import java.time.Duration;

/**
 * What bodies may be. Immutable, so any thread may read it; no component is null.
 *
 * @param body the most bytes of any body
 * @param form the most bytes a form may have in memory: as it comes without its files, and again as
 *     JSON
 * @param timeout how long the next bytes may take to come
 */
public record BodyLimits(long body, long form, Duration timeout) {}

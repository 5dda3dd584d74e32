/**
 * HTTP middleware {@code http_metrics}: counts requests and measures their time, under upstream's
 * metric names. Owns no thread; counters are updated on event loops and read by whoever scrapes.
 */
@NullMarked
package dev.rr.plugin.httpmetrics;

import org.jspecify.annotations.NullMarked;

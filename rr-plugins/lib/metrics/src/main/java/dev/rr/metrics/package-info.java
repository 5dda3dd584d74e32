/**
 * Figures that plugins keep while they work and hand to a {@link dev.rr.api.metrics.MetricsSink} at
 * each scrape. Free of any library and of threads: who works counts, who scrapes reads, and neither
 * waits for the other.
 */
@NullMarked
package dev.rr.metrics;

import org.jspecify.annotations.NullMarked;

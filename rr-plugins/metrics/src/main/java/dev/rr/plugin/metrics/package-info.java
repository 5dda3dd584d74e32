/**
 * Figures for Prometheus: what plugins, the process and the application's workers count, on a
 * listener of its own. Owns that listener's threads {@code rr-metrics …}; a scrape is put together
 * on a virtual thread, one at a time. RPC methods change figures on the caller's thread.
 */
@NullMarked
package dev.rr.plugin.metrics;

import org.jspecify.annotations.NullMarked;

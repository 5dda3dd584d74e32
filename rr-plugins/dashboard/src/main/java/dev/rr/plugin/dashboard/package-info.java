/**
 * A page that shows the running server while it runs: workers, requests, pipelines, plugins and the
 * log, with buttons for its workers. Owns its listener's threads {@code dashboard …} and one thread
 * {@code rr-dashboard}, which alone collects, remembers the last hour and writes to whoever looks;
 * while nobody does, it wakes every ten seconds.
 */
@NullMarked
package dev.rr.plugin.dashboard;

import org.jspecify.annotations.NullMarked;

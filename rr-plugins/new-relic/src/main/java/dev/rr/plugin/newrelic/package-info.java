/**
 * HTTP middleware {@code new_relic}: understands the answer headers by which PHP applications name
 * and describe transactions to New Relic ({@code Rr_newrelic}, {@code Rr_newrelic_error}, {@code
 * Rr_newrelic_ignore}) and tells them to an agent. The agent shipped is a bridge to whatever tracer
 * the build has: New Relic takes OpenTelemetry. Owns no thread.
 */
@NullMarked
package dev.rr.plugin.newrelic;

import org.jspecify.annotations.NullMarked;

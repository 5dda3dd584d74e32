/**
 * OpenTelemetry tracing. As HTTP middleware {@code otel} it opens a span for each request and
 * passes it on to the application in the request's headers; as a tracer it serves other plugins.
 * The SDK's batch processor owns one thread, which exports.
 */
@NullMarked
package dev.rr.plugin.otel;

import org.jspecify.annotations.NullMarked;

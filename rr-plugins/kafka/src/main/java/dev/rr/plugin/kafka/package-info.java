/**
 * The driver {@code kafka} of {@code jobs}. Each pipeline owns a producer, and once it has consumed
 * a thread that polls, another that hands jobs over, and a consumer; the client library has threads
 * of its own, named after the pipeline.
 */
@NullMarked
package dev.rr.plugin.kafka;

import org.jspecify.annotations.NullMarked;

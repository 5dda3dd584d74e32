/**
 * The driver {@code nats} of {@code jobs}. All pipelines share one connection, whose client has
 * virtual threads called {@code rr-nats-client} and a timer, {@code rr-nats-timer}; a pipeline that
 * consumes has one virtual thread more.
 */
@NullMarked
package dev.rr.plugin.nats;

import org.jspecify.annotations.NullMarked;

/**
 * The driver {@code nsq} of {@code jobs}. Each pipeline has a connection that publishes, and one to
 * each nsqd that it consumes from, with three virtual threads each; one that consumes has another,
 * and one that asks nsqlookupd where that is configured: all are called {@code rr-nsq-<pipeline>}
 * and what they do.
 */
@NullMarked
package dev.rr.plugin.nsq;

import org.jspecify.annotations.NullMarked;

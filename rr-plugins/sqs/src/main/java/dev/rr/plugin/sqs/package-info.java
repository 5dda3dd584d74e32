/**
 * The driver {@code sqs} of {@code jobs}. Its pipelines share one client of SQS, whose answers come
 * on virtual threads called {@code rr-sqs-http}. One that consumes has a virtual thread {@code
 * rr-sqs-<pipeline>}, and each has {@code rr-sqs-<pipeline>-keep}, which keeps what it has taken.
 */
@NullMarked
package dev.rr.plugin.sqs;

import org.jspecify.annotations.NullMarked;

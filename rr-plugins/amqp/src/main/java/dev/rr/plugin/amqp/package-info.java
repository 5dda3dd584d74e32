/**
 * The driver {@code amqp} of {@code jobs}: pipelines in RabbitMQ over AMQP 0-9-1. A pipeline has up
 * to two connections, as a broker that is short of memory reads nothing from those that have
 * published, acknowledgements included. Owns the thread {@code rr-amqp-heartbeat}, and virtual
 * ones: for each connection {@code rr-amqp-connection} and for a moment {@code rr-amqp-work},
 * {@code rr-amqp-NAME-dial} while one is away, {@code rr-amqp-NAME-publish} from the first push on,
 * and {@code rr-amqp-NAME} while the pipeline NAME consumes.
 */
@NullMarked
package dev.rr.plugin.amqp;

import org.jspecify.annotations.NullMarked;

/**
 * The driver {@code amqp} of {@code jobs}: pipelines in RabbitMQ over AMQP 0-9-1. A pipeline has up
 * to two connections, as a broker that is short of memory reads nothing from those that have
 * published, acknowledgements included. Owns virtual threads: for each connection two {@code
 * rr-amqp-connection}, one that reads and one for heartbeats, and for moments {@code rr-amqp-work}
 * and {@code rr-amqp-close}, {@code rr-amqp-NAME-dial} while one is away, {@code
 * rr-amqp-NAME-publish} from the first push on, and {@code rr-amqp-NAME} while the pipeline NAME
 * consumes.
 */
@NullMarked
package dev.rr.plugin.amqp;

import org.jspecify.annotations.NullMarked;

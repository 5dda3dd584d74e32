/**
 * The {@code http} plugin: sockets in front, PHP workers behind. Here are what a listener is set up
 * from and what stands around the workers: configuration, addresses, TLS, the chain of middleware,
 * the access log.
 *
 * <p>The packages below it know neither the configuration nor each other upwards, bottom to top:
 *
 * <ul>
 *   <li>{@code text}: bytes as they go out
 *   <li>{@code connection}: what the connections of all protocols share
 *   <li>{@code http2}, {@code http1}, {@code fastcgi}: a protocol each; HTTP/1 hands over to HTTP/2
 *   <li>{@code body}: bodies of requests, forms and uploads
 *   <li>{@code worker}: requests to workers, and their answers
 * </ul>
 *
 * <p>Threads: event loops ({@code http-loop-N}) own the channels, and everything of an exchange
 * happens on the loop of its channel. The owners of workers call {@link
 * dev.rr.plugin.http.worker.WorkerReply}, which hands answers to the loop through {@link
 * dev.rr.plugin.http.connection.Loop#execute}. Files are touched on virtual threads ({@code
 * http-io}) only.
 */
@NullMarked
package dev.rr.plugin.http;

import org.jspecify.annotations.NullMarked;

/**
 * The {@code http} plugin: sockets in front, PHP workers behind.
 *
 * <p>Threads: event loops ({@code http-loop-N}) own the channels, and everything of an exchange
 * happens on the loop of its channel. The owners of workers call {@link WorkerReply}, which hands
 * answers to the loop through {@link Loop#execute}. Files are touched on virtual threads ({@code
 * http-io-N}) only.
 */
@NullMarked
package dev.rr.plugin.http;

import org.jspecify.annotations.NullMarked;

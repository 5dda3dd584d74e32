/**
 * Tells watchers how the server is: {@code /health}, {@code /ready} and {@code /jobs} on a listener
 * of their own, and RPC {@code status.*}. Owns the listener's threads {@code rr-status …}; each
 * question to a plugin runs on a virtual thread {@code rr-status-check}, one at a time.
 */
@NullMarked
package dev.rr.plugin.status;

import org.jspecify.annotations.NullMarked;

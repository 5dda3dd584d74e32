/**
 * Locks that applications share: RPC {@code lock.*}. Owns the thread {@code rr-lock-timer}, which
 * ends whatever has a time; a call that waits does so on the RPC socket's virtual thread, and a
 * lock that is held has no thread.
 */
@NullMarked
package dev.rr.plugin.lock;

import org.jspecify.annotations.NullMarked;

/**
 * Locks that applications share: RPC {@code lock.*}. Owns the thread {@code rr-lock-timer}, which
 * ends whatever has a time; a lock that is held or waited for has no thread.
 */
@NullMarked
package dev.rr.plugin.lock;

import org.jspecify.annotations.NullMarked;

/**
 * Replaces workers by fresh ones: the RPC methods behind {@code rr reset}. Owns no thread; its
 * methods run on those of the RPC socket.
 */
@NullMarked
package dev.rr.plugin.resetter;

import org.jspecify.annotations.NullMarked;

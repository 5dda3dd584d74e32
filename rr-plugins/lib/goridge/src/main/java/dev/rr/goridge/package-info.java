/**
 * Goridge: the frames that workers and RPC clients speak, and the relays they travel on. The codec
 * is stateless; a relay belongs to one thread at a time; only {@link dev.rr.goridge.RelayListener}
 * owns a thread.
 */
@NullMarked
package dev.rr.goridge;

import org.jspecify.annotations.NullMarked;

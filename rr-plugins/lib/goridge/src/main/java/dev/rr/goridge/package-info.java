/**
 * Goridge: the frames that workers and RPC clients speak, and the relays they travel on. The codec
 * is stateless; a reader or a relay belongs to one thread at a time.
 */
@NullMarked
package dev.rr.goridge;

import org.jspecify.annotations.NullMarked;

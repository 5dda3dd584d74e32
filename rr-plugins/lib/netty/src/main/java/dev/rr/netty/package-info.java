/**
 * Listeners on Netty. {@link dev.rr.netty.NettyServer} is what a plugin opens; beside its event
 * loops, which it owns, there are no threads here.
 */
@NullMarked
package dev.rr.netty;

import org.jspecify.annotations.NullMarked;

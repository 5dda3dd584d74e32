/**
 * Tells who works: the RPC methods behind {@code rr workers} and the PHP packages' worker pools.
 * Owns no thread; its methods run on those of the RPC socket.
 */
@NullMarked
package dev.rr.plugin.informer;

import org.jspecify.annotations.NullMarked;

/**
 * Starts worker processes for the plugins that need some. Owns the relay's thread when workers dial
 * a socket; the threads of a pool belong to the pool.
 */
@NullMarked
package dev.rr.plugin.server;

import org.jspecify.annotations.NullMarked;

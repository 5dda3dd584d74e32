/**
 * The RPC socket: goridge frames in, calls to other plugins, goridge frames out. Event loops named
 * {@code rr-rpc} own the sockets and everything of a connection; each call runs on a virtual thread
 * of its own and hands its answer back to the loop.
 */
@NullMarked
package dev.rr.plugin.rpc;

import org.jspecify.annotations.NullMarked;

/**
 * Commands that ask a running server over its RPC socket, and the small client they share. Main
 * thread; {@code reset} has one thread for each plugin beside it.
 */
@NullMarked
package dev.rr.cli.rpc;

import org.jspecify.annotations.NullMarked;

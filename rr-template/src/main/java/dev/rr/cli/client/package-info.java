/**
 * Commands that ask a running server, through an {@link dev.rr.cli.client.RpcClient}. Main thread,
 * but that {@code reset} has a thread for each plugin.
 */
@NullMarked
package dev.rr.cli.client;

import org.jspecify.annotations.NullMarked;

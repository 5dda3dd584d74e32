/**
 * The command line. {@link Cli} is the door; each sub-command is a {@link Command} listed in it,
 * and plugins bring theirs by {@link dev.rr.api.cli.CliCommand}. Those that ask a running server do
 * so through an {@link RpcClient}. Everything runs on the main thread, but that {@code reset} has a
 * thread for each plugin; signals arrive on the JVM's.
 */
@NullMarked
package dev.rr.cli;

import org.jspecify.annotations.NullMarked;

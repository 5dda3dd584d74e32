/**
 * The command line. {@link Cli} is the door; each sub-command is a {@link Command} listed in it,
 * packages beside this one add theirs there, and plugins bring theirs by {@link
 * dev.rr.api.cli.CliCommand}. Everything runs on the main thread; signals arrive on the JVM's.
 */
@NullMarked
package dev.rr.cli;

import org.jspecify.annotations.NullMarked;

/**
 * The command line. {@link Cli} is the door; each sub-command is a {@link Command} listed in it,
 * and packages beside this one add theirs there. Everything runs on the main thread; signals arrive
 * on the JVM's.
 */
@NullMarked
package dev.rr.cli;

import org.jspecify.annotations.NullMarked;

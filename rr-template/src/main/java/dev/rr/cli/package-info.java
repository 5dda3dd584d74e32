/**
 * The command line. {@link dev.rr.cli.Cli} is the door; each sub-command is a {@link
 * dev.rr.cli.command.Command} in a package of what it is about, and plugins bring theirs by {@link
 * dev.rr.api.cli.CliCommand}. Everything runs on the main thread unless a package says otherwise.
 */
@NullMarked
package dev.rr.cli;

import org.jspecify.annotations.NullMarked;

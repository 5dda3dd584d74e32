/**
 * What every command is made of: how it is called, what it was given, where it prints. Main thread.
 */
@NullMarked
package dev.rr.cli.command;

import org.jspecify.annotations.NullMarked;

/**
 * Processes of the system: starting them in groups of their own, killing them with all they
 * started, reading their stderr, their figures and their end. Threads: one for each stderr that is
 * read ({@code rr-<name>-stderr-<pid>}).
 */
@NullMarked
package dev.rr.process;

import org.jspecify.annotations.NullMarked;

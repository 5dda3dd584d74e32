/**
 * Processes of the system: starting them in groups of their own, killing them with all they
 * started, also when the server itself is killed; reading what they print, their figures and their
 * end. Threads: one for each stream that is read ({@code rr-<name>-stderr-<pid>}, {@code
 * rr-<name>-stdout-<pid>}).
 */
@NullMarked
package dev.rr.process;

import org.jspecify.annotations.NullMarked;

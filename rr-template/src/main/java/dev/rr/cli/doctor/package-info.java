/**
 * Looks for what would go wrong on this machine: a list of small checks. Main thread; nothing is
 * left running.
 */
@NullMarked
package dev.rr.cli.doctor;

import org.jspecify.annotations.NullMarked;

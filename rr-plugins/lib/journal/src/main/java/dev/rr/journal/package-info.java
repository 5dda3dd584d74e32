/**
 * A log in one file that is only appended to, and what is kept in memory to find things in it. A
 * {@link dev.rr.journal.Journal} owns one thread, which alone writes.
 */
@NullMarked
package dev.rr.journal;

import org.jspecify.annotations.NullMarked;

/**
 * The driver {@code boltdb} of {@code kv} and {@code jobs}: a file for each. Each open file has a
 * {@link dev.rr.journal.Journal}, which owns one thread.
 */
@NullMarked
package dev.rr.plugin.boltdb;

import org.jspecify.annotations.NullMarked;

/**
 * The driver {@code boltdb} of {@code kv}: a store in one file. Each open file has a {@link
 * dev.rr.journal.Journal}, which owns one thread.
 */
@NullMarked
package dev.rr.plugin.boltdb;

import org.jspecify.annotations.NullMarked;

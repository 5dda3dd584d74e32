/**
 * Jars and folders, read entry by entry; zips and tars whose bytes depend on names and contents
 * alone; and the hashes of all of them. Caller's thread.
 */
@NullMarked
package dev.rr.build.archive;

import org.jspecify.annotations.NullMarked;

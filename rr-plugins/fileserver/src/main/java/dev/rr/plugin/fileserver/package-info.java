/**
 * Serves directories on a listener of their own, apart from {@code http}. Undertow owns the
 * threads: IO threads accept and read, worker threads look at files and write them.
 */
@NullMarked
package dev.rr.plugin.fileserver;

import org.jspecify.annotations.NullMarked;

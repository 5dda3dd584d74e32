/**
 * HTTP middleware {@code gzip}: compresses answers for clients that take it. Owns no thread;
 * compression happens on the request's event loop, a chunk at a time, and files are read on a
 * virtual thread of the request.
 */
@NullMarked
package dev.rr.plugin.gzip;

import org.jspecify.annotations.NullMarked;

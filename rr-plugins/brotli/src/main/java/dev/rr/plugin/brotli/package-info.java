/**
 * HTTP content coding {@code br} (RFC 7932), which the {@code gzip} middleware offers when {@code
 * http.gzip.encodings} lists it. Owns no thread; a compressor works on the thread of its request
 * and holds native memory until it is closed.
 */
@NullMarked
package dev.rr.plugin.brotli;

import org.jspecify.annotations.NullMarked;

/**
 * HTTP content coding {@code zstd} (RFC 8878, RFC 9659), which the {@code gzip} middleware offers
 * when {@code http.gzip.encodings} lists it. Owns no thread; a compressor works on the thread of
 * its request and holds native memory until it is closed.
 */
@NullMarked
package dev.rr.plugin.zstd;

import org.jspecify.annotations.NullMarked;

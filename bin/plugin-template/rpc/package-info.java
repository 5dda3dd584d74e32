/** RPC methods {@code sample.*}. Owns no thread; they run on those of the RPC socket. */
@NullMarked
package dev.rr.plugin.sample;

import org.jspecify.annotations.NullMarked;

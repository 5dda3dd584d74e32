/** HTTP middleware {@code sample}. Owns no thread; works on the request's event loop. */
@NullMarked
package dev.rr.plugin.sample;

import org.jspecify.annotations.NullMarked;

/** Tracing as plugins see it, free of any library. */
@NullMarked
package dev.rr.api.trace;

import org.jspecify.annotations.NullMarked;

/** Workers behind a listener of their own. Owns the threads {@code sample-loop} and a pool. */
@NullMarked
package dev.rr.plugin.sample;

import org.jspecify.annotations.NullMarked;
